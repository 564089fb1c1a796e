"""The layers that lock a worker in."""
