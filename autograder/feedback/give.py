"""Make the feedback pages, and release them to nbgrader's exchange if there is one."""

import filecmp
import os
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI
from nbgrader.utils import notebook_hash

from autograder.course import Course
from autograder.errors import Problem
from autograder.feedback.processes import rendered
from autograder.feedback.wanted import WantedPage, wanted_pages
from autograder.nbgrader import shared
from autograder.nbgrader.failures import succeed
from autograder.notebooks.submitted import SECRET
from autograder.report.counts import counted

NOTHING = "no submission for {name} is graded yet"
NOTHING_BY = "nothing by {student} is graded for {name} yet"
AGAIN = "Grade these submissions again, or give this feedback by hand."


@dataclass(frozen=True)
class Plan:
    """How to make pages. `on_page` is called after each one with the number done and the number of all."""

    students: Collection[str] | None = None
    jobs: int = 1
    force: bool = False
    stop: Callable[[], bool] = lambda: False
    on_page: Callable[[int, int], None] = lambda done, total: None


@dataclass
class _Given:
    """What became of the pages so far. `counts` is by assignment and by: made, unchanged, released."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    unmade: list[tuple[WantedPage, Problem]] = field(default_factory=list)
    unreleased: list[tuple[WantedPage, dict[str, Any]]] = field(default_factory=list)


def give(
    api: NbGraderAPI, course: Course, assignments: Sequence[str], echo: Callable[[str], None], plan: Plan | None = None
) -> None:
    """Make the pages that have changed, and release them. Raises Problem at the end if one could not be given."""
    plan = plan or Plan()
    pages = [page for name in assignments for page in wanted_pages(course, name, plan.students)]
    stale = [page for page in pages if plan.force or not page.is_current]
    targets = {page.target for page in stale}
    is_shared = shared.begin(course)
    given = _Given()
    for done, page in enumerate(page for page in pages if page.target not in targets):
        given.counts[page.assignment, "unchanged"] += 1
        _finish(api, course, page, given, is_shared=is_shared)
        plan.on_page(done + 1, len(pages))
    for done, (page, html) in enumerate(rendered(course, stale, plan.jobs, plan.stop)):
        if isinstance(html, Problem):
            page.target.unlink(missing_ok=True)
            given.unmade.append((page, html))
        else:
            write_page(page, html, is_shared=is_shared)
            given.counts[page.assignment, "made"] += 1
            _finish(api, course, page, given, is_shared=is_shared)
        plan.on_page(len(pages) - len(stale) + done + 1, len(pages))
    for name in assignments:
        there = {page.student for page in pages if page.assignment == name}
        for student in sorted(set(plan.students or ()) - there):
            echo(NOTHING_BY.format(student=ascii(student), name=name))
        if there:
            _say(name, given, echo, exchange=api.exchange_is_functional)
        else:
            echo(NOTHING.format(name=name))
    _raise(course, api, given)


def _finish(api: NbGraderAPI, course: Course, page: WantedPage, given: _Given, *, is_shared: bool) -> None:
    """Put the other files of the graded submission beside its page, as nbgrader does, and release the page."""
    for path in page.source.parent.iterdir():
        copy = page.target.parent / path.name
        if path.suffix != ".ipynb" and path.is_file() and not _same(path, copy):
            _write(copy, path.read_bytes(), is_shared=is_shared)
    # A submission that did not come through the exchange has no secret to name its page after.
    if not api.exchange_is_functional or not (page.target.parent / SECRET).is_file():
        return
    if not _is_released(api, course, page):
        result = api.release_feedback(page.assignment, page.student)
        if not result["success"]:
            given.unreleased.append((page, result))
            return
        given.counts[page.assignment, "released"] += 1


def _is_released(api: NbGraderAPI, course: Course, page: WantedPage) -> bool:
    """Return whether the exchange has this very page. An exchange that is no folder is not asked."""
    try:
        secret = (page.target.parent / SECRET).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False
    name = f"{notebook_hash(secret=secret, notebook_id=page.source.stem)}.html"
    return _same(page.target, Path(api.exchange_root or "") / course.course / "feedback" / name)


def _same(one: Path, other: Path) -> bool:
    try:
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def write_page(page: WantedPage, html: str, *, is_shared: bool) -> None:
    """Write a page into feedback/, whole or not at all."""
    _write(page.target, html.encode("utf-8", "replace"), is_shared=is_shared)


def _write(path: Path, content: bytes, *, is_shared: bool) -> None:
    """Write a file of feedback/ whole or not at all, with nbgrader's permissions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.chmod(0o664 if is_shared else 0o644)
    os.replace(part, path)


def _say(name: str, given: _Given, echo: Callable[[str], None], *, exchange: bool) -> None:
    made, unchanged = given.counts[name, "made"], given.counts[name, "unchanged"]
    echo(f"made {counted(made, 'feedback page')} for {name}" + (f", {unchanged} unchanged" if unchanged else ""))
    for page, problem in given.unmade:
        if page.assignment == name:
            echo(f"  no page could be made for {page.student!a}: {problem}")
    if exchange:
        echo(f"released {counted(given.counts[name, 'released'], 'feedback page')} for {name}")


def _raise(course: Course, api: NbGraderAPI, given: _Given) -> None:
    """Raise Problem if a page could not be released or made."""
    if given.unreleased:
        names = ", ".join(dict.fromkeys(page.assignment for page, _ in given.unreleased))
        students = ", ".join(dict.fromkeys(ascii(page.student) for page, _ in given.unreleased))
        what = f"feedback on {names} could not be released for {students}"
        succeed(course, given.unreleased[0][1], Path(api.exchange_root), what)
    if given.unmade:
        pages = (f"{page.student!a} ({page.assignment}): {problem}" for page, problem in given.unmade)
        raise Problem(course.root / "feedback", f"no page could be made for {'; '.join(pages)}", AGAIN)
