# What a visible check sees of a call while it runs: forbidden operations, matrix products, changed arguments.
import builtins
import re
import traceback
from unittest import mock

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from visible_difference import last_line
from visible_settings import families, forbids, matrix_products


class Forbidden(Exception):
    """A call to a library function that the lesson forbids."""


class Watch(TorchDispatchMode):
    """Stops a call at forbidden operations, and records the shapes of matrix products and the number of transforms."""

    def __init__(self):
        super().__init__()
        self.forbidden, self.products, self.transforms = None, [], 0
        self.patched = [mock.patch.object(torch.autograd, name, self.meet(name)) for name in ("grad", "backward")]

    @classmethod
    def _should_skip_dynamo(cls):
        """Return False: nothing is compiled here. Otherwise the first call would import all of torch._dynamo."""
        return False

    def meet(self, operation):
        """Return a function that records this operation as forbidden and raises."""

        def raises(*_, **__):
            frame = last_line(traceback.extract_stack()[:-1])
            what, at = (frame.name, f"line {frame.lineno}: {frame.line}") if frame else ("the call", "")
            *others, last = [rule for name in forbids for rule in families[name][1:]]
            what, rule = what.replace("<lambda>", "the call"), f"{', '.join(others)} and {last}" if others else last
            self.forbidden = f"{what} calls {operation} ({at}). This step forbids {rule}: write it by hand."
            raise Forbidden(operation)

        return raises

    def __enter__(self):
        for each in self.patched if "autograd" in forbids else ():
            each.start()
        return TorchDispatchMode.__enter__(self)

    def __exit__(self, *error):
        TorchDispatchMode.__exit__(self, *error)
        for each in self.patched if "autograd" in forbids else ():
            each.stop()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        name = function.overloadpacket.__name__
        # This runs within the learner's call, where the learner's names count.
        tensors = [each for each in args if builtins.isinstance(each, torch.Tensor)]
        for family in forbids:
            one_axis = builtins.any(each.dim() == 3 for each in tensors) or "stft" in name
            if re.search(families[family][0], name) and (family != "convolution_1d" or one_axis):
                self.meet(name.lstrip("_"))()
        if name in matrix_products:
            self.products.append([builtins.tuple(each.shape) for each in tensors[-2:]])
        self.transforms += name.startswith("_fft_")
        return function(*args, **(kwargs or {}))


def across(tensor):
    """Return the same matrix, or matrices, stored column by column in memory."""
    return tensor.transpose(-1, -2).contiguous().transpose(-1, -2)


def copied(value):
    return value.clone() if isinstance(value, torch.Tensor) else value


def unchanged(watched):
    """Return a message if the call changed one of its arguments. Pass this as `also` to visible_check."""
    for name, before in watched.before.items():
        if isinstance(before, torch.Tensor) and not torch.equal(before, watched.after[name]):
            return (
                f"The argument {name} was changed by the call. Work on a copy, so that the caller keeps the original."
            )
    return None
