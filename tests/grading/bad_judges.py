"""Judges that are brought down by words in a notebook: in the place of whatever a submission may find one day."""

import os
import time

from autograder.grading.batch import Batch, BatchResult
from autograder.grading.judge_process import judge_here

HANGS, EATS, DIES, FAILS = b"JUDGE_HANGS", b"JUDGE_EATS", b"JUDGE_DIES", b"JUDGE_FAILS"
EATEN = 3 << 30


def grade_batch(batch: Batch) -> BatchResult:
    """Grade a batch, unless there is one of these words in it."""
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
