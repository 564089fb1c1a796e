"""Notebooks: find what was handed in, read it, repair it, fill in the results."""
