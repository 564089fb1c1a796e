"""Find the smallest edit of a learner's own function that makes every check of it pass: the line of the slip."""
