"""What a judge's process does with a batch: the reports, and the notebooks filled with them."""

import atexit
import gc
import json
import platform
import threading
from functools import lru_cache

import nbformat
from nbformat import NotebookNode

from autograder import step_files
from autograder.course import Course
from autograder.errors import Problem
from autograder.grading import heartbeat
from autograder.grading.batch import Batch, Judged, Work
from autograder.grading.profile import Stages
from autograder.judge import judge, notebooks
from autograder.notebooks.fill import fill
from autograder.notebooks.read import Submission
from autograder.report import messages
from autograder.sandbox.host import Sandbox, SandboxError

# pytest keeps state of its own in a process; where Dask gives a worker several threads, they take turns.
TURN = threading.Lock()


def judge_batch(work: Work, sandbox: Sandbox) -> Batch:
    """Grade one batch in this process. Raises Problem, SandboxError."""
    stages = Stages()
    with stages.watching(work.profile):
        wholes = []
        for parcel in work.parcels:
            heartbeat.beat()
            wholes.append(notebooks.unpack(parcel, _parsed(work.stubs[parcel.assignment])))
        graded = notebooks.grade(work.course, wholes, sandbox, work.preludes, heartbeat.beat)
        heartbeat.beat()
        judged = tuple(Judged(report, _written(notebook)) for report, notebook in graded)
    return Batch(judged, stages)


def judge_here(work: Work) -> Batch:
    """Grade one batch with the zygote that this process keeps for as long as it lives."""
    for name, digest in work.suites.items():
        if step_files.digest(name) != digest:
            what = f"its hidden checks of {name} are not those of the machine that collects the grades"
            raise Problem(platform.node(), what, "Install the same version of the kit there.")
    with TURN:
        try:
            if work.lost:
                return Batch((no_verdict(work),))
            return judge_batch(work, _warm_sandbox(work.course, work.unsafe))
        except SandboxError:
            # Its zygote may be gone, killed for its memory; the next batch gets a new one.
            _warm_sandbox.cache_clear()
            raise


def no_verdict(work: Work) -> Judged:
    """What stands for a submission that brought its judge down: every check is an error, for a person to look at."""
    (parcel,) = work.parcels
    submission = Submission(parcel.assignment, parcel.name, ())
    report = judge.no_verdict(work.course, submission, "none", [messages.LOST.format(why=work.lost)])
    return Judged(report, _written(fill(nbformat.from_dict(_parsed(work.stubs[parcel.assignment])), report)))


def _written(notebook: NotebookNode) -> str:
    """The notebook as JSON on one line. With indentation, as nbformat writes it, Python takes ten times as long."""
    return json.dumps(notebook, ensure_ascii=False)


@lru_cache(maxsize=64)
def _parsed(stub: str) -> NotebookNode:
    return nbformat.reads(stub, as_version=4)


@lru_cache(maxsize=1)
def _warm_sandbox(course: Course, unsafe: bool) -> Sandbox:
    sandbox = Sandbox.for_course(course, unsafe=unsafe).__enter__()
    # What is imported stays: it is not to be looked through for garbage, now and as this process ends.
    gc.collect()
    gc.freeze()
    atexit.register(sandbox.__exit__)
    return sandbox
