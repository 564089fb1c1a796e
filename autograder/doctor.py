"""Examine this machine and this course: settings, versions, the sandbox, the exchange."""

import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from autograder import key
from autograder.course import KIT, Course
from autograder.errors import Problem
from autograder.report.counts import counted
from autograder.report.report import UNSAFE_TIER
from autograder.sandbox.control import SandboxError
from autograder.sandbox.host import REMEDY, Sandbox

PACKAGES = ("torch", "numpy", "nbgrader", "jupyterlab", "pytest", "pydantic")


@dataclass(frozen=True)
class Finding:
    """The result of one examination. `good` is None if it is neither good nor bad."""

    what: str
    text: str
    good: bool | None = True
    remedy: str = ""


def examine(course: Course) -> list[Finding]:
    """Return all findings, those that others depend on first."""
    return [_kit(course), *_course(course), *_versions(), *_sandbox(course), *_sharing(course), _exchange(course)]


def _kit(course: Course) -> Finding:
    if course.other_kit() is None:
        return Finding("kit", str(KIT))
    remedy = f"Run `cd {course.root} && make setup && . .venv/bin/activate`."
    return Finding(
        "kit", f"{KIT}, which is not the course's own: the course's hidden checks are not used", False, remedy
    )


def _course(course: Course) -> Iterator[Finding]:
    names = ", ".join(assignment.id for assignment in course.assignments)
    yield Finding("course.yml", f"{counted(len(course.assignments), 'assignment')} ({names})")
    if weakness := key.weakness(course.key, course.root):
        yield Finding("hidden cases", weakness[0], False, weakness[1])
    else:
        yield Finding("hidden cases", f"from {course.key}")
    from autograder.suite.load import check_points

    try:
        check_points(course)
        yield Finding("hidden suites", "one for each assignment; all points are assigned")
    except Problem as problem:
        yield Finding("hidden suites", f"{problem.where}: {problem.what}", False, problem.remedy)
    missing = [assignment.id for assignment in course.assignments if not course.stub(assignment.id).is_file()]
    if missing:
        yield Finding("stubs", f"none for {', '.join(missing)}", False, "Run `autograder release`.")
    else:
        yield Finding("stubs", "one for each assignment")


def _versions() -> Iterator[Finding]:
    yield Finding("python", f"{platform.python_version()} ({sys.executable})", sys.version_info >= (3, 11))
    for package in PACKAGES:
        try:
            yield Finding(package, version(package))
        except PackageNotFoundError:
            yield Finding(package, "is not installed", False, "Run `make setup`.")


TIERS = {
    "A": "namespaces (the kit's own), Landlock, seccomp and limits hold",
    "B": "Landlock, seccomp and limits hold; workers have no namespaces of their own",
    UNSAFE_TIER: "this machine cannot isolate a submission",
}


def _sandbox(course: Course) -> Iterator[Finding]:
    try:
        with Sandbox.for_course(course, unsafe=True) as sandbox:
            isolated, lacks = sandbox.tier != UNSAFE_TIER, sandbox.lacks()
            tier = f"tier {sandbox.tier}: {TIERS.get(sandbox.tier, 'unknown')}{f' ({lacks})' if lacks else ''}"
            yield Finding("sandbox", tier, isolated, "" if isolated else REMEDY)
            if isolated:
                yield Finding("self-test", "the sandbox stops everything that the self-test tries")
            yield _second_wall(sandbox.reaches_beneath())
    except (SandboxError, Problem, OSError) as error:
        yield Finding("sandbox", f"does not start: {str(error).splitlines()[-1]}", False, REMEDY)


def _second_wall(stands: bool) -> Finding:
    """Return whether forbidden operations are disabled below PyTorch's dispatcher, too."""
    if stands:
        return Finding("second wall", "forbidden operations are disabled in PyTorch's machine code, too")
    why = "the system lets no program change its own code"
    here = f"{platform.system()} on {platform.machine()}"
    if here != "Linux on x86_64":
        why = f"it needs Linux on x86_64, and this is {here}"
    return Finding(
        "second wall", f"not here: {why}. Forbidden operations are disabled in PyTorch's dispatcher only", None
    )


def _sharing(course: Course) -> Iterator[Finding]:
    from autograder.nbgrader import shared

    with suppress(Problem):  # `_exchange` reports it.
        if shared.is_shared(course):
            obstacle = shared.obstacle(course.root)
            remedy = f"Run `chgrp -R GROUP {course.root} && chmod -R g+w {course.root}`, and chmod g+s for its folders."
            text = obstacle or "what one user writes, the others can change"
            yield Finding("group", text, not obstacle, remedy if obstacle else "")


def _exchange(course: Course) -> Finding:
    from autograder.nbgrader import commands

    try:
        api = commands.connect(course)
    except Problem as problem:
        return Finding("nbgrader", f"{problem.where}: {problem.what}", False, problem.remedy)
    root = api.exchange_root
    if api.exchange_is_functional:
        return Finding("exchange", root)
    remedy = f"Only release and collect need it: mkdir -p {root} && chmod ugo+rwx {root}"
    return Finding("exchange", f"{root} is not there", None, remedy)
