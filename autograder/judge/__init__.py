"""Grades submissions: pytest over the hidden suites."""
