"""A counterexample as a PNG."""
