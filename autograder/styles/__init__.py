"""Right answers to each step, in many styles: all of them keep full points, under every seed."""
