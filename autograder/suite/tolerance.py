"""How far a value may be from the expected one, and which values are farther away."""

import torch

TOLERANCE = 1e-4


def differing(got: torch.Tensor, expected: torch.Tensor, scale: float = 1.0) -> torch.Tensor:
    """Return, for each value, whether two tensors of one shape differ by more than 1e-4."""
    return ~torch.isclose(got.double(), expected.double(), rtol=TOLERANCE, atol=TOLERANCE * scale)


def first_of(wrong: torch.Tensor, got: torch.Tensor) -> tuple[int, ...] | None:
    """Return the position of the first wrong value that is NaN or infinite, else of the first wrong value; or None."""
    positions = (wrong & ~torch.isfinite(got)).nonzero()
    positions = positions if len(positions) else wrong.nonzero()
    return tuple(positions[0].tolist()) if len(positions) else None
