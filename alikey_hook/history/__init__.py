"""The whole history: every object once, on all processors, with a cache for the next time."""
