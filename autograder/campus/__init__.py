"""The ways in from campus systems, and out to them."""
