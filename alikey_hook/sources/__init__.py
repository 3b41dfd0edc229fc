"""The streams of changes, one module a kind. Each is a list of changes and a function that reads what they name."""
