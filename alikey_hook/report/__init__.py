"""Findings in, text out: one pure module a format."""
