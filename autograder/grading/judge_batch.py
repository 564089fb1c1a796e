"""What a judge does with a batch: it makes the reports and fills the notebooks with them."""

import json
import platform
from functools import lru_cache

import nbformat
from nbformat import NotebookNode

from autograder import step_files
from autograder.errors import Problem
from autograder.grading.batch import Batch, BatchResult, GradedNotebook
from autograder.judge import heartbeat, judge, notebooks, warm_sandbox
from autograder.notebooks.fill import fill
from autograder.notebooks.read import Submission
from autograder.report import messages
from autograder.sandbox.control import SandboxError
from autograder.sandbox.host import Sandbox
from autograder.stages import Stages, stage


def judge_batch(batch: Batch, sandbox: Sandbox) -> BatchResult:
    """Grade one batch in this process. Raises Problem, SandboxError."""
    stages = Stages()
    with stages.recording(batch.profile), stage("other"):
        prepared = []
        for raw in batch.submissions:
            heartbeat.beat()
            prepared.append(notebooks.unpack(raw, _parsed(batch.stubs[raw.assignment])))
        results = notebooks.grade(batch.course, prepared, sandbox, batch.preludes, heartbeat.beat)
        heartbeat.beat()
        graded = tuple(GradedNotebook(report, _to_json(notebook)) for report, notebook in results)
    return BatchResult(graded, stages)


def judge_here(batch: Batch) -> BatchResult:
    """Grade one batch with the zygote that this process keeps.

    Raises Problem if the hidden suites are not those of the sender. Raises SandboxError.
    """
    for name, digest in batch.suites.items():
        if step_files.digest(name) != digest:
            what = f"its hidden suite for {name} differs from the one on the machine that collects the grades"
            raise Problem(platform.node(), what, "Install the same version of the kit there.")
    try:
        if batch.crash_reason:
            return BatchResult((no_verdict(batch),))
        return judge_batch(batch, warm_sandbox.get(batch.course, batch.unsafe))
    except SandboxError:
        # The zygote may have been killed for its memory. The next batch gets a new one.
        warm_sandbox.end()
        raise


def no_verdict(batch: Batch) -> GradedNotebook:
    """Return the result for a submission that crashed its judges: every check is an error, for a person to review."""
    (raw,) = batch.submissions
    submission = Submission(raw.assignment, raw.name, ())
    report = judge.no_verdict(batch.course, submission, "none", [messages.LOST.format(why=batch.crash_reason)])
    return GradedNotebook(report, _to_json(fill(nbformat.from_dict(_parsed(batch.stubs[raw.assignment])), report)))


@stage("write JSON")
def _to_json(notebook: NotebookNode) -> str:
    """Return the notebook as JSON on one line. With nbformat's indentation, Python takes ten times as long."""
    return json.dumps(notebook, ensure_ascii=False)


@lru_cache(maxsize=64)
def _parsed(stub: str) -> NotebookNode:
    notebook: NotebookNode = nbformat.reads(stub, as_version=4)
    return notebook
