"""Draw a counterexample as a PNG."""
