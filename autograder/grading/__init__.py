"""Grades a class: batches, processes, what is written, what is remembered."""
