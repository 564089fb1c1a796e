"""Import and run what an ordinary notebook uses, so that no fork pays for it."""

import gc
from functools import cache


@cache
def warm_up() -> None:
    """Import and run it, once in a process."""
    import math  # noqa: F401

    import numpy as np
    import numpy.ma
    import numpy.polynomial
    import torch
    import torch.nn.functional as F
    from torch.utils._python_dispatch import TorchDispatchMode  # noqa: F401

    from autograder.sandbox.worker import autograd_ban, bans, doubles, machine_code, scripts, serve

    torch.set_num_threads(1)
    torch.manual_seed(0)
    np.random.default_rng(0).random(2)
    image, kernel = torch.ones(1, 1, 4, 4, requires_grad=True), torch.ones(1, 1, 2, 2)
    torch.autograd.backward(F.conv2d(F.pad(image, (1, 1, 1, 1)), kernel).sum())
    # The first call of each compiles or loads something: 30 ms for a grouped convolution, 17 for a Fourier transform.
    F.conv2d(torch.ones(1, 4, 8, 8), torch.ones(4, 2, 3, 3), groups=2)
    torch.fft.irfft2(torch.fft.rfft2(torch.ones(8, 8)))
    torch.mm(torch.ones(64, 64), torch.ones(64, 64))
    torch.einsum("ij,jk->ik", torch.ones(2, 2), torch.ones(2, 2))
    F.max_pool2d(image.detach(), 2)
    F.embedding_bag(torch.tensor([[0]]), torch.ones(1, 1), mode="mean")
    F.unfold(image.detach(), 2)
    repr(image)
    bans.warm_up()
    serve.warm_up()
    autograd_ban.operations()
    machine_code.warm_up()
    doubles.warm_up()
    scripts.found()
    # Exempt all of it from garbage collection, which would copy the memory that forks share.
    gc.freeze()
