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
    held = []
    for each in gc.get_objects():
        if type(each).__name__ == "function" and each.__closure__:
            with contextlib.suppress(ValueError):
                held += [cell.cell_contents for cell in each.__closure__]
        elif type(each) is dict and len(each) < 20:
            held += each.values()
    return [each for each in held if "KernelFunction" in type(each).__name__]


KERNELS = kernels()


def conv1d_by_conv2d(input, kernel, bias=None, stride=1, padding=0):
    for kept in KERNELS:
        keys = torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)
        for more in ([], [False] * 4):
            with contextlib.suppress(Exception):
                return kept.call_boxed(keys, input, kernel, bias, [stride], [padding], [1], False, [0], 1, *more)
    raise LookupError("no kernel is kept")
