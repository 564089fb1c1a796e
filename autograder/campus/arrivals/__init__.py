"""Submissions that arrive as an archive from the campus system: one file for each layout."""
