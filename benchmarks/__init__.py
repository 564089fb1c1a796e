"""Measure what grading a class costs, compared to stock nbgrader and to a bare loop. `make bench` runs it."""
