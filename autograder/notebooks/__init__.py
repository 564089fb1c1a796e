"""Notebooks: find what was handed in, read it, repair it, and fill in the results."""
