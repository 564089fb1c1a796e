"""Judges that crash at certain words in a notebook. They stand for whatever crash a submission may cause some day."""

import os
import time

from autograder.grading.batch import Batch, BatchResult
from autograder.grading.judge_batch import judge_here

HANGS, EATS, DIES, FAILS = b"JUDGE_HANGS", b"JUDGE_EATS", b"JUDGE_DIES", b"JUDGE_FAILS"
EATEN = 3 << 30


def grade_batch(batch: Batch) -> BatchResult:
    """Grade a batch, or crash at one of these words."""
    text = b"".join(raw.data for raw in batch.submissions)
    if HANGS in text:
        time.sleep(10_000)
    if EATS in text:
        eaten = []
        while sum(map(len, eaten)) < EATEN:
            eaten.append(b"x" * (64 << 20))
            time.sleep(0.02)
        time.sleep(10_000)
    if DIES in text:
        os._exit(9)
    if FAILS in text:
        raise MemoryError
    return judge_here(batch)
