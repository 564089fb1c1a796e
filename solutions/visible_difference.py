# What is wrong with a result of a visible check, and which line of the learner's code raised.
import traceback

import torch
from visible_check import watch
from visible_settings import plain_tensors


def difference(expected, came, name):
    """Return what is wrong with a result, and the first position that differs; None if there is none."""
    if isinstance(came, Exception):
        return f"{raiser(came, name)} raised {type(came).__name__}: {came}", None
    if not isinstance(came, torch.Tensor):
        what = "None. Is the return statement missing?" if came is None else f"a {type(came).__name__}."
        return f"Expected a torch.Tensor with shape {tuple(expected.shape)}, got {what}", None
    if came.shape != expected.shape:
        return f"Expected the shape {tuple(expected.shape)}, got {tuple(came.shape)}.", None
    if not came.is_floating_point():
        dtype = str(came.dtype).removeprefix("torch.")
        return f"Expected a tensor of float32, got {dtype}. A tensor of whole numbers cannot hold fractions.", None
    if came.requires_grad and plain_tensors:
        remedy = "Compute with the arguments themselves, or detach the result."
        return f"Expected a plain tensor, got one that requires grad. {remedy}", None
    came = came.detach()
    differs = ~torch.isclose(came.double(), expected.double(), rtol=1e-4, atol=1e-4)
    endless = differs & ~came.isfinite()
    if not differs.any():
        return None, None
    where = (endless if endless.any() else differs).nonzero()[0].tolist()
    should, is_ = expected[tuple(where)].item(), came[tuple(where)].item()
    if endless.any():
        return f"Expected {should:g} at {where}, got {is_}: the result holds NaN or infinity.", where
    return f"Expected {should:g} at {where}, got {is_:g}; {differs.sum()} of {differs.numel()} values differ.", where


def own_frames(frames):
    """Return the frames of the learner's own code: neither PyTorch's nor the course's."""
    others = ("-packages", watch.__code__.co_filename)
    return [each for each in frames if not [other for other in others if other in each.filename]]


def last_line(frames):
    """Return the last frame of the learner's own code, or None."""
    lines = own_frames(frames)
    return lines[-1] if lines and lines[-1].line else None


def raiser(error, name):
    """Return the name of the learner's function that was called when an error was raised; `name` if none was."""
    frames = own_frames(traceback.extract_tb(error.__traceback__))
    return frames[0].name.replace("<lambda>", "the call") if frames else name


def line_of(error):
    """Return the line of the learner's code at which an error was raised; empty if there is none."""
    frame = last_line(traceback.extract_tb(error.__traceback__))
    return f"At line {frame.lineno}: {frame.line}" if frame else ""
