"""Bytes in, findings out: no files, no processes, no settings. `gate` is cheap, `engine` is thorough."""
