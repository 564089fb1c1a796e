"""What grading found: the report, as data and in words."""
