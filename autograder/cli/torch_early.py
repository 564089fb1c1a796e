"""Import PyTorch from a command's first moment on, in the fork server, while this process imports everything else."""

from contextlib import AbstractContextManager, nullcontext

from autograder.sandbox.fork_server import ForkServer


def torch_early() -> AbstractContextManager[ForkServer | None]:
    """Start the fork server; where that fails, the command says why once it needs one.

    Where no judge is needed after all, it is ended at once.
    """
    try:
        return ForkServer()
    except OSError:
        return nullcontext()
