"""One file for each format in which grades and pages leave."""
