"""The options of one run that grades a class."""

from collections.abc import Callable
from dataclasses import dataclass, field

from autograder.grading.changes import Changes
from autograder.sandbox.fork_server import ForkServer
from autograder.stages import Stages


@dataclass(frozen=True)
class Plan:
    """How to grade a class.

    `force` grades unchanged submissions again. `unsafe` grades even if this machine cannot isolate submissions; the
    reports and the gradebook then say so. `scheduler` is a Dask scheduler's address, or `local`. `stop` is called
    before each batch: once it returns True, batches in progress are finished and no other is started. `changes`
    collects whose grade changes, if it is there. `dry_run` grades, but writes nothing. `server` forks the judges;
    without one, the run starts its own. `idle` is called again and again while all judges are busy, as long as it
    returns True.
    """

    jobs: int = 1
    force: bool = False
    unsafe: bool = False
    scheduler: str = ""
    profile: bool = False
    dry_run: bool = False
    changes: Changes | None = None
    stop: Callable[[], bool] = lambda: False
    stages: Stages = field(default_factory=Stages)
    server: ForkServer | None = None
    idle: Callable[[], bool] = lambda: False
