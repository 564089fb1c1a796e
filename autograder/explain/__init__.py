"""Explain why a check failed: the smallest call, the known mistake, the broken law, a picture."""
