"""The layers of isolation that lock a worker in."""
