"""What to do about a leak."""
