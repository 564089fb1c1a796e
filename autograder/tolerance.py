"""How far a value may be from the expected one: 1e-4, and 1e-4 of its size."""

TOLERANCE = 1e-4
