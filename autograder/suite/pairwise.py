"""Rows of options in which every pair of values of two axes meets."""

import itertools
import random
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

COVER_SEED = 0
MAX_TRIES = 200


@cache
def pairwise_rows(key: tuple[Any, ...]) -> tuple[tuple[Any, ...], ...]:
    """Return rows in which every pair of values of two axes meets. They are found greedily, the same for every key."""
    axes, fits = key
    names = [name for name, _ in axes]
    choose = random.Random(COVER_SEED)

    def pairs(row: Sequence[Any]) -> set[tuple[Any, ...]]:
        indexed = [(names[i], values.index(row[i])) for i, (_, values) in enumerate(axes)]
        return set(itertools.combinations(indexed, 2)) or set(itertools.combinations(indexed, 1))

    def completed(wanted: Iterable[tuple[str, int]]) -> tuple[Any, ...] | None:
        fixed = dict(wanted)
        for _ in range(MAX_TRIES):
            row = tuple(values[fixed[name]] if name in fixed else choose.choice(values) for name, values in axes)
            if fits(dict(zip(names, row, strict=True))):
                return row
        return None

    open_pairs = {
        wanted
        for size in (2 if len(axes) > 1 else 1,)
        for some in itertools.combinations(axes, size)
        for wanted in itertools.product(*([(name, index) for index in range(len(values))] for name, values in some))
    }
    rows: list[tuple[Any, ...]] = []
    while open_pairs:
        wanted = min(open_pairs)
        candidates = [row for row in (completed(wanted) for _ in range(12)) if row is not None]
        if not candidates:
            open_pairs.discard(wanted)
            continue
        best = max(candidates, key=lambda row: len(pairs(row) & open_pairs))
        open_pairs -= pairs(best)
        rows.append(best)
    return tuple(rows)
