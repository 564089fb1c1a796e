"""Tools for authors of steps: new-step and verify."""
