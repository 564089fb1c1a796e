"""For whoever writes a step: new-step and verify."""
