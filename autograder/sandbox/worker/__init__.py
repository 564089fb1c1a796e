"""Everything in the kit that a worker process can read. It imports nothing else of the kit."""
