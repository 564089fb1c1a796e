"""Reduce the wrong results of a submission to a digest, so that a class can be searched for the same ones."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch

from autograder.explain.counterexample import expected_of
from autograder.key import Key, derived
from autograder.sandbox.answers import Wrong
from autograder.suite.compare import differing

# With fewer different numbers, two mistakes may agree by chance: many return zeros, or an argument as it is.
FEWEST_NUMBERS = 3
# Numbers are compared to two decimals, since the order of a sum changes the last digits.
SCALE = 100
# No right result has as many numbers as this.
MOST_NUMBERS = 100_000


def wrong_results(wrongs: Mapping[str, Wrong], key: Key) -> str:
    """Return a digest of what the first call that failed each check returned; empty where that says little.

    The key is part of it, so that nobody else can find out which results it stands for.
    """
    digest, numbers = hashlib.sha256(), set[float]()
    for check, wrong in wrongs.items():
        digest.update(f"{check} {type(wrong).__name__}".encode())
        expected = list(_tensors(expected_of(wrong))) if wrong.case else []
        for number, got in enumerate(_tensors(wrong.got)):
            scaled = (got * SCALE).round() + 0.0  # -0.0 becomes 0.0
            digest.update(repr(tuple(got.shape)).encode() + scaled.numpy().tobytes())
            numbers |= _wrong_numbers(scaled, got, expected[number] if number < len(expected) else None)
    if len(numbers) < FEWEST_NUMBERS:
        return ""
    return derived(key, "wrong results", digest.hexdigest()).hex()


def _tensors(value: Any) -> Iterator[torch.Tensor]:
    """Yield the numbers in a result, as tensors of 64 bits without NaN and infinity."""
    if isinstance(value, (tuple, list)):
        for each in value[:MOST_NUMBERS]:
            yield from _tensors(each) if isinstance(each, torch.Tensor) else ()
    elif isinstance(value, (torch.Tensor, int, float)) and not isinstance(value, bool):
        tensor = torch.as_tensor(value)
        if tensor.numel() <= MOST_NUMBERS:
            real = torch.view_as_real(tensor) if tensor.is_complex() else tensor
            yield real.detach().to(torch.float64).nan_to_num().contiguous()


def _wrong_numbers(scaled: torch.Tensor, got: torch.Tensor, expected: torch.Tensor | None) -> set[float]:
    """Return the numbers other than 0 that differ from the expected ones; of a result with another shape, all."""
    if expected is not None and expected.shape == got.shape:
        scaled = scaled[differing(got, expected)]
    return {number for number in scaled.flatten().tolist() if number}
