# looks in every object of the process for a kernel that was kept, unfrozen ones included
# expected: 0
# assignment: conv1d
# says: no kernel is kept
# alive: no: nothing is kept there either
import contextlib
import gc

import torch


def kernels():
    gc.unfreeze()
    seen, found, left = set(), [], gc.get_objects()
    while left:
        each = left.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if type(each).__name__ in ("SafeKernelFunction", "_SafeKernelFunction") or hasattr(type(each), "call_boxed"):
            found.append(each)
        if type(each).__name__ in ("cell", "function", "tuple"):
            left += gc.get_referents(each)
    return [each for each in found if not isinstance(each, type)]


def conv1d_by_conv2d(input, kernel, bias=None, stride=1, padding=0):
    for kept in kernels():
        keys = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)
        for more in ([], [False] * 4):
            with contextlib.suppress(Exception):
                return kept.call_boxed(keys, input, kernel, bias, [stride], [padding], [1], False, [0], 1, *more)
    raise LookupError("no kernel is kept")
