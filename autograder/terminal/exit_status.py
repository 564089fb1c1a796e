"""The exit statuses of all commands."""

GRADED = 0
NO_VERDICT = 1
WRONG_USAGE = 2
INTERRUPTED = 130
