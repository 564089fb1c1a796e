"""Ways in from the campus system, and out to it: the roster, and submissions that were handed in elsewhere."""
