"""How a class is to be graded: the options of one run."""

from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.stages import Stages


@dataclass(frozen=True)
class Plan:
    """How a class is graded.

    `force` grades again what has not changed. `unsafe` grades even on a machine that cannot isolate submissions; the
    reports and the gradebook then say so. `scheduler` is a Dask scheduler's address, or `local`. `stop` is asked
    before each batch: when it says so, what is in hand is finished and nothing else is begun.
    """

    jobs: int = 1
    force: bool = False
    unsafe: bool = False
    scheduler: str = ""
    profile: bool = False
    stop: Callable[[], bool] = lambda: False
    stages: Stages = field(default_factory=Stages)
