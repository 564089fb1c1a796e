"""Everything that talks to nbgrader."""
