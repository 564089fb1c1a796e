"""Everything that people see at a terminal."""
