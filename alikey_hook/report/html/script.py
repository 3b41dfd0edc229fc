"""The page's script: sorting and filtering, and nothing that a reader without it would miss."""

SCRIPT = """
"use strict";
(() => {
  const form = document.querySelector("form.filter"), table = document.querySelector("table.findings");
  if (!form || !table) return;
  const body = table.tBodies[0], rows = [...body.rows], count = form.querySelector("output");
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const filter = () => {
    const sought = form.elements.search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, at) => {
      const fits = ["severity", "status", "rule"].every((key) =>
        !form.elements[key].value || row.dataset[key] === form.elements[key].value);
      row.hidden = !(fits && sought.every((word) => texts[at].includes(word)));
      shown += row.hidden ? 0 : 1;
    });
    count.textContent = count.dataset.words.replace("{shown}", shown).replace("{count}", rows.length);
  };
  const sort = (heading) => {
    const down = heading.getAttribute("aria-sort") === "ascending", at = heading.cellIndex;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.cells[at].dataset.key;
    const sorted = rows.slice().sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0) * (down ? -1 : 1));
    body.append(...sorted);
  };
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(heading));
    heading.append(button);
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));
  form.hidden = false;
  filter();
})();
"""
