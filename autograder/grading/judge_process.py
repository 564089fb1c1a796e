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
from autograder.grading.batch import Batch, BatchResult, GradedNotebook
from autograder.judge import judge, notebooks
from autograder.notebooks.fill import fill
from autograder.notebooks.read import Submission
from autograder.report import messages
from autograder.sandbox.control import SandboxError
from autograder.sandbox.host import Sandbox
from autograder.stages import Stages, stage

# pytest keeps state of its own in a process; where Dask gives a worker several threads, they take turns.
TURN = threading.Lock()


def judge_batch(batch: Batch, sandbox: Sandbox) -> BatchResult:
    """Grade one batch in this process. Raises Problem, SandboxError."""
    stages = Stages()
    with stages.recording(batch.profile), stage("other"):
        prepared = []
        for raw in batch.submissions:
            heartbeat.beat()
            prepared.append(notebooks.unpack(raw, _parsed(batch.stubs[raw.assignment])))
        graded = notebooks.grade(batch.course, prepared, sandbox, batch.preludes, heartbeat.beat)
        heartbeat.beat()
        graded = tuple(GradedNotebook(report, _written(notebook)) for report, notebook in graded)
    return BatchResult(graded, stages)


def judge_here(batch: Batch) -> BatchResult:
    """Grade one batch with the zygote that this process keeps for as long as it lives."""
    for name, digest in batch.suites.items():
        if step_files.digest(name) != digest:
            what = f"its hidden checks of {name} are not those of the machine that collects the grades"
            raise Problem(platform.node(), what, "Install the same version of the kit there.")
    with TURN:
        try:
            if batch.lost:
                return BatchResult((no_verdict(batch),))
            return judge_batch(batch, _warm_sandbox(batch.course, batch.unsafe))
        except SandboxError:
            # Its zygote may be gone, killed for its memory; the next batch gets a new one.
            _warm_sandbox.cache_clear()
            raise


def no_verdict(batch: Batch) -> GradedNotebook:
    """What stands for a submission that brought its judge down: every check is an error, for a person to look at."""
    (raw,) = batch.submissions
    submission = Submission(raw.assignment, raw.name, ())
    report = judge.no_verdict(batch.course, submission, "none", [messages.LOST.format(why=batch.lost)])
    return GradedNotebook(report, _written(fill(nbformat.from_dict(_parsed(batch.stubs[raw.assignment])), report)))


@stage("write JSON")
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
