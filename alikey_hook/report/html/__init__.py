"""The report as one page that needs nothing else: no network, no JavaScript."""
