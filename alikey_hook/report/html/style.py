"""The page's style sheet: light, dark, narrow, printed."""

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1a1f26; --quiet: #566072; --line: #d5dae2; --soft: #f3f5f8;
  --link: #0b57c2; --critical: #a30d2d; --high: #b3370a; --medium: #7d5600; --low: #3c5a73; --ok: #17692f; --mark: #ffe3a3; }
@media screen and (prefers-color-scheme: dark) { :root { --paper: #14181d; --ink: #e7ebf0; --quiet: #a3aebd; --line: #38414d;
  --soft: #1e242c; --link: #8ab8ff; --critical: #ff8fa0; --high: #ffa37a; --medium: #f0c566; --low: #9dc3e0; --ok: #7fd596;
  --mark: #5c4708; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem 1rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, "Noto Sans", "Noto Sans CJK SC", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.25rem 0 .75rem; }
a { color: var(--link); }
code, pre { font: .85em/1.45 ui-monospace, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace; }
pre code { font-size: inherit; }
.quiet { color: var(--quiet); margin: 0; overflow-wrap: anywhere; }
.verdict { font-size: 1.15rem; font-weight: 600; margin: 1rem 0 0; }
.leaks { color: var(--critical); } .clean { color: var(--ok); }
.partial { border-left: .3rem solid var(--critical); padding: .5rem .75rem; background: var(--soft); }
dl.counts { display: flex; flex-wrap: wrap; gap: .75rem; margin: 0; }
dl.counts > div { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem;
  padding: .5rem 1rem; min-width: 8rem; }
dl.counts dt { color: var(--quiet); font-size: .9rem; } dl.counts dd { margin: 0; font-size: 1.6rem; font-weight: 600; }
ol.steps li { margin: .4rem 0; white-space: pre-line; overflow-wrap: anywhere; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; }
.wide:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, a:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; }
svg { display: block; min-width: 46rem; width: 100%; height: auto; font: 12px system-ui, "Noto Sans CJK SC", sans-serif; }
svg text { fill: var(--ink); } svg .tick { fill: var(--quiet); } svg .grid { stroke: var(--line); }
svg .live { fill: var(--critical); } svg .gone { fill: var(--medium); } svg .history { stroke: var(--medium); stroke-width: 2;
  stroke-dasharray: 3 4; } svg .entry { fill: var(--ink); }
svg .allowed :is(rect, line, circle) { opacity: .45; } svg .allowed text { fill: var(--quiet); }
ul.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none;
  padding: 0; margin: .5rem 0; color: var(--quiet); }
ul.legend svg { display: inline-block; min-width: 0; width: 28px; height: 12px; vertical-align: middle; }
form.filter { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin-bottom: .75rem; }
form.filter[hidden] { display: none; }
form.filter label { display: grid; font-size: .9rem; color: var(--quiet); }
form.filter :is(input, select) { height: 2.25rem; max-width: 100%; }
input, select, button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--quiet);
  border-radius: .35rem; padding: .3rem .5rem; }
table, thead, tbody, th, td { display: block; }
table { min-width: 54rem; }
tr { display: grid; grid-template-columns: 5.5rem 8.5rem 15rem minmax(0, 1fr) 9rem 11rem;
  border-bottom: 1px solid var(--line); }
.many tr { content-visibility: auto; contain-intrinsic-size: auto 8.5rem; }
th, td { text-align: left; padding: .5rem .6rem; }
thead tr { background: var(--soft); white-space: nowrap; }
th button { border: 0; background: none; padding: 0; font-weight: 600; cursor: pointer; }
th[aria-sort=ascending] button::after { content: " \\2191"; } th[aria-sort=descending] button::after { content: " \\2193"; }
td code { overflow-wrap: anywhere; } td:nth-child(5) { white-space: nowrap; }
td code.short { white-space: nowrap; } td .note { color: var(--quiet); font-size: .9em; overflow-wrap: anywhere; }
td pre { margin: .3rem 0 0; padding: .3rem .5rem; background: var(--soft); border-radius: .3rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
mark { background: var(--mark); color: var(--ink); }
.severity { font-weight: 600; } .critical { color: var(--critical); } .high { color: var(--high); }
.medium { color: var(--medium); } .low { color: var(--low); }
@media screen and (max-width: 56rem) { table { min-width: 0; } thead tr { display: flex; flex-wrap: wrap; }
  tbody tr { grid-template-columns: repeat(2, minmax(0, 1fr)); padding: .3rem 0; } td { padding: .2rem .6rem; }
  td:nth-child(3), td:nth-child(4) { grid-column: 1 / -1; } td:empty { display: none; }
  td[data-label]::before { content: attr(data-label); display: block; color: var(--quiet); font-size: .9em; } }
@media screen and (min-width: 56.01rem) { .undated tr { grid-template-columns: 5.5rem 8.5rem 15rem minmax(0, 1fr); } }
.undated :is(th, td):nth-child(n + 5), tr[hidden] { display: none; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 10pt; }
  .wide { overflow: visible; border: 0; }
  form.filter { display: none; } table, svg { min-width: 0; } table { font-size: 8pt; }
  tr { grid-template-columns: 4rem 4.5rem 10rem minmax(0, 1fr) 6.5rem 7rem; }
  .undated tr { grid-template-columns: 4rem 4.5rem 10rem minmax(0, 1fr); }
  tr, ol.steps li { break-inside: avoid; } h2 { break-after: avoid; }
  .many tr { content-visibility: visible; } a { color: inherit; } }
"""
