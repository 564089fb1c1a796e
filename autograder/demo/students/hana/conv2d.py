"""Nothing: hands in the notebook as it was fetched."""
