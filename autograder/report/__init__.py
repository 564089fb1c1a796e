"""The report on a submission, as data and in words."""
