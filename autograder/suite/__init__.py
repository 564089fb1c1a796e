"""The words that hidden suites are written in: spaces of cases, checks, comparisons, known answers."""
