"""What grading a class costs, beside stock nbgrader and beside a bare loop. `make bench` runs it."""
