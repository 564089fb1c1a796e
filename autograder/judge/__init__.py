"""Grade submissions: run pytest over the hidden suites."""
