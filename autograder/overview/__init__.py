"""A class at a glance: what its reports, the gradebook and the exchange say together, as data and as a page."""
