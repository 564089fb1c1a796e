"""Grade a class: find what changed, judge it in batches, write the results."""
