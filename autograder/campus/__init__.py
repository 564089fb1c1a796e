"""Ways in from campus systems and out to them: the roster, submissions handed in elsewhere, grades and pages."""
