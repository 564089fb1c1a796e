"""The hidden side of every step; a worker can read none of it."""
