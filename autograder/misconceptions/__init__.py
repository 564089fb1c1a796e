"""The known-wrong answers, by step: each a small function, with a sentence and a hint for the learner who wrote it."""
