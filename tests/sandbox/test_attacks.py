"""Make every attack in tests/attacks, in every tier of this machine, each between two correct neighbours."""

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import autograder
from autograder.course import Course
from autograder.judge import judge, pytest_plugin
from autograder.limits import Limits
from autograder.notebooks.read import Submission
from autograder.report.report import Report
from autograder.sandbox.host import Sandbox
from tests.attack_files import Attack, Places, all_attacks, make_class_folder, neighbour

# These tests run on an installed package, too (see test_installed).
IS_INSTALLED = "site-packages" in autograder.__file__
ATTACKS = {attack.name: attack for attack in all_attacks()}
LIMITS = {
    "call_seconds": 0.6,
    "submission_seconds": 4,
    "memory_mb": 256,
    "file_bytes": 4_000_000,
    "restarts": 1,
    "explain_calls": 0,
}
# Enough calls for every way to find the smallest one.
EXPLAIN_CALLS = 20
WITHOUT = {"A": (), "B": ("namespaces",)}
# What is disabled or locked before the first call stays so in all others.
THE_SAME_IN_EVERY_CALL = ("forbidden", "notebooks", "reading", "network", "disk", "processes")


@dataclass(frozen=True)
class Batch:
    """The reports on all attacks in one tier, and the state of the machine before and after."""

    tier: str
    reports: dict[str, Report]
    neighbours: list[tuple[str, Report]]
    before: set[str]
    after: set[str]
    survived: bool


def leftovers(sandbox: Sandbox) -> set[str]:
    """Return the sandbox's processes, its temporary folders, and the mounts of this machine."""
    mounts = {line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()}
    folders = {str(path) for path in Path(os.environ["TMPDIR"]).rglob("autograder-worker-*")}
    return mounts | folders | {f"process {pid}" for pid in descendants(sandbox._own_server.pid)}


def end_branches(sandbox: Sandbox) -> None:
    """End the zygote's branches, which stay as long as they may have to fork another worker."""
    assert [branch.workers for branch in sandbox._branches.values()] == [0] * len(sandbox._branches)
    others = len(list(descendants(sandbox._own_server.pid))) - len(sandbox._branches)
    for forbids in list(sandbox._branches):
        sandbox._branches.pop(forbids).control.close()
    deadline = time.monotonic() + 10
    while len(list(descendants(sandbox._own_server.pid))) > others and time.monotonic() < deadline:
        time.sleep(0.01)


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes below a process, at any depth."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


def chosen(tier: str, slow: bool) -> list[Attack]:
    """Return the attacks of one tier and one run. The bans do not depend on the tier, so they run in one only."""
    here = [attack for attack in ATTACKS.values() if IS_INSTALLED or attack.fields.get("where") != "installed"]
    return [a for a in here if a.fields.get("tier", tier) == tier and slow == _is_slow(a, tier)]


def _is_slow(attack: Attack, tier: str) -> bool:
    return "slow" in attack.fields or (tier == "B" and attack.path.parent.name == "forbidden")


def run(
    course: Course, tier: str, attacks: list[Attack], without: tuple[str, ...] | None = None, **more: float
) -> Batch:
    """Make all attacks in one call of the judge, with a neighbour before the first and after each."""
    limits = course.limits.model_copy(update=LIMITS | more)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)
        Path(folder).chmod(0o755)
        places = Places.of(course, make_class_folder(Path(folder) / "class"))
        nothing = {attack.name: why for attack in attacks if (why := attack.proves_nothing(places))}
        assert not nothing
        return _run(course, tier, attacks, limits, WITHOUT[tier] if without is None else without, places)


def _run(
    course: Course, tier: str, attacks: list[Attack], limits: Limits, without: tuple[str, ...], places: Places
) -> Batch:
    submissions: list[Submission] = []
    names: list[str] = []
    with Sandbox(limits, without=without) as sandbox:
        if sandbox.tier != tier:
            pytest.skip(f"this machine has tier {sandbox.tier}, not {tier}: {sandbox.missing}")
        before = leftovers(sandbox)
        for assignment in dict.fromkeys(attack.assignment for attack in attacks):
            names.append(f"the start of {assignment}")
            submissions.append(neighbour(course, assignment))
            for attack in attacks:
                if attack.assignment == assignment:
                    names += [attack.name, f"{attack.name}'s neighbour"]
                    submissions += [attack.submission(course, places), neighbour(course, assignment)]
        graded = dict(zip(names, judge.grade(course, submissions, sandbox), strict=True))
        end_branches(sandbox)
        after = leftovers(sandbox)
        # It still forks.
        survived = sandbox.end(sandbox.fork()) is None
    own = {attack.name for attack in attacks}
    reports = {name: report for name, report in graded.items() if name in own}
    return Batch(tier, reports, [item for item in graded.items() if item[0] not in own], before, after, survived)


@pytest.fixture(scope="module", params=["A", pytest.param("B", marks=pytest.mark.long)])
def batch(request: pytest.FixtureRequest, the_course: Course) -> Batch:
    return run(the_course, request.param, chosen(request.param, slow=False))


def check_batch(batch: Batch) -> None:
    wrong = [f"{name}: {ATTACKS[name].problem(report)}" for name, report in batch.reports.items()]
    wrong = [line for line in wrong if not line.endswith(": ")]
    assert not wrong, "\n\n".join(wrong)
    assert not harmed(batch)
    assert batch.survived
    assert batch.after == batch.before
    assert {report.sandbox for report in batch.reports.values()} == {batch.tier}


def harmed(batch: Batch) -> list[str]:
    """Return what the reports on neighbours say that lost a point."""
    return [
        f"{name}: {report.score:g}, {report.notes}, {[check.message for check in report.checks if check.message]}"
        for name, report in batch.neighbours
        if report.score != 10
    ]


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 80
    assert all(attack.tries and "expected" in attack.fields for attack in ATTACKS.values())


@pytest.mark.slow
def test_every_attack_ends_as_expected(batch: Batch) -> None:
    wrong = {name: ATTACKS[name].problem(report) for name, report in batch.reports.items()}
    assert not {name: why for name, why in wrong.items() if why}


@pytest.mark.slow
def test_every_neighbour_keeps_full_points(batch: Batch) -> None:
    assert harmed(batch) == []
    assert len(batch.neighbours) > len(batch.reports)


@pytest.mark.slow
def test_the_zygote_survives_and_nothing_is_left(batch: Batch) -> None:
    assert batch.survived
    assert batch.after == batch.before
    assert {report.sandbox for report in batch.reports.values()} == {batch.tier}


@pytest.mark.long
@pytest.mark.parametrize("tier", WITHOUT)
def test_slow_attacks_and_the_other_tiers_bans(tier: str, the_course: Course) -> None:
    check_batch(run(the_course, tier, chosen(tier, slow=True)))


@pytest.mark.long
@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_inside_bubblewrap(the_course: Course) -> None:
    check_batch(run(the_course, "B", chosen("B", slow=False), without=("unshare",)))


@pytest.mark.long
def test_explaining_a_failure_gives_no_attack_another_way_in(the_course: Course) -> None:
    """A failed check calls the learner's function many times, to find the smallest call that goes wrong."""
    attacks = [attack for attack in chosen("A", slow=False) if attack.path.parent.name not in THE_SAME_IN_EVERY_CALL]
    check_batch(run(the_course, "A", attacks, explain_calls=EXPLAIN_CALLS, edit_calls=EXPLAIN_CALLS))


@pytest.mark.long
def test_what_a_step_forbids_would_score_if_it_were_not_forbidden(
    the_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise such an attack would get 0 points for another reason, and prove nothing."""
    allowed = pytest_plugin.load_suite
    monkeypatch.setattr(pytest_plugin, "load_suite", lambda name: replace(allowed(name), forbids=()))
    attacks = [attack for attack in ATTACKS.values() if attack.path.parent.name == "forbidden"]
    attacks = [attack for attack in attacks if not attack.fields.get("alive", "").startswith("no")]
    attacks = [attack for attack in attacks if attack.path.stem != "swallowed"]
    reports = run(the_course, "A", attacks, call_seconds=5, submission_seconds=60).reports
    assert {name: report.score for name, report in reports.items() if report.score == 0} == {}
