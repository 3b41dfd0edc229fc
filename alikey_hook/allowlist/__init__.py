"""The baseline: reviewed exceptions. `match` is what they mean, `parse` and `edit` are how they are written."""
