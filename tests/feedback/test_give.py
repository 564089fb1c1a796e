"""What a run of `feedback` makes: what has changed, in one process or in several, and everybody else's page."""

import json
import os
import signal
import threading
from functools import lru_cache
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import Problem
from autograder.feedback import processes, render, wanted
from autograder.feedback.early import early_pages
from autograder.feedback.give import Plan, give
from autograder.grading import engine
from autograder.late_policy import CourseLatePolicy
from autograder.nbgrader import commands, page_exporter
from autograder.notebooks.read import load_notebook, source_of
from autograder.terminal import feedback_run
from tests import courses
from tests.feedback import lost
from tests.grading import at_a_glance

NAMES = ("ada", "ben", "zoe")
# nbgrader's own; the other is about what pytest sees of processes that were started by it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def graded(a_course: Course, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)
    for name in NAMES:
        courses.hand_in(a_course, name, courses.answered(a_course, courses.NO_STRIDE))
    engine.grade_class(a_course, ["conv2d"])
    return a_course


def pages(of: Course) -> dict[str, Path]:
    return {path.parts[-3]: path for path in of.root.glob("feedback/*/conv2d/conv2d.html")}


def given(of: Course, **plan: object) -> list[str]:
    lines: list[str] = []
    give(commands.connect(of), of, ["conv2d"], lines.append, Plan(**plan))
    return lines


def test_only_what_has_changed_is_made_again(graded):
    assert given(graded)[0] == "made 3 feedback pages for conv2d"
    before = {name: path.stat().st_ino for name, path in pages(graded).items()}
    assert set(before) == set(NAMES)
    assert given(graded)[0] == "made 0 feedback pages for conv2d, 3 unchanged"

    courses.change(graded, "update comment set manual_comment = 'Well tried' where notebook_id in ({of})", "ada")
    notebook = graded.root / "autograded/ben/conv2d/conv2d.ipynb"
    content = json.loads(notebook.read_text(encoding="utf-8"))
    content["cells"].append({"cell_type": "markdown", "id": "more", "metadata": {}, "source": "more"})
    notebook.chmod(0o644)
    notebook.write_text(json.dumps(content), encoding="utf-8")
    assert given(graded)[0] == "made 2 feedback pages for conv2d, 1 unchanged"
    after = pages(graded)
    assert {name for name, path in after.items() if path.stat().st_ino != before[name]} == {"ada", "ben"}
    assert "Well tried" in after["ada"].read_text(encoding="utf-8")

    courses.change(graded, "update grade set manual_score = 0 where notebook_id in ({of})", "zoe")
    courses.change(graded, "update submitted_notebook set late_submission_penalty = 1 where id in ({of})", "ada")
    assert given(graded)[0] == "made 2 feedback pages for conv2d, 1 unchanged"
    assert given(graded, force=True)[0] == "made 3 feedback pages for conv2d"
    assert given(graded, students={"ben"}, force=True)[0] == "made 1 feedback page for conv2d"


@pytest.mark.parametrize("part", ["settings", "template", "version"])
def test_another_template_or_version_is_another_page(graded, monkeypatch, tmp_path, part):
    given(graded)
    if part == "settings":
        with (graded.root / "nbgrader_config.py").open("a", encoding="utf-8") as settings:
            settings.write("\n# another\n")
    elif part == "template":
        (tmp_path / "page.css").touch()
        monkeypatch.setattr(wanted.feedback_page, "TEMPLATES", tmp_path)
    else:
        monkeypatch.setitem(wanted.VERSIONS, "autograder", "another")
    assert given(graded, stop=lambda: True) == ["made 0 feedback pages for conv2d"]


def test_the_files_beside_it_are_kept_in_step(graded):
    given(graded)
    stamp = graded.root / "autograded/ada/conv2d/timestamp.txt"
    stamp.chmod(0o644)
    stamp.write_text(courses.LATE, encoding="ascii")
    given(graded)
    assert (pages(graded)["ada"].parent / "timestamp.txt").read_text(encoding="ascii") == courses.LATE


def test_a_run_that_is_stopped_goes_on(graded):
    done: list[int] = []
    lines = given(graded, stop=lambda: len(done) == 2, on_page=lambda count, total: done.append(count))
    assert lines[0] == "made 2 feedback pages for conv2d"
    assert given(graded)[0] == "made 1 feedback page for conv2d, 2 unchanged"


def test_who_is_not_in_the_gradebook_has_no_page_and_the_others_have_theirs(graded):
    given(graded)
    source = graded.root / "autograded/ben/conv2d/conv2d.ipynb"
    source.unlink()
    (graded.root / "autograded/eve/conv2d").mkdir(parents=True)
    with pytest.raises(Problem) as problem:
        given(graded)
    assert "no page could be made for 'ben' (conv2d): " in str(problem.value)
    assert "'eve' (conv2d)" in str(problem.value) and "has no scores in the gradebook" in str(problem.value)
    assert set(pages(graded)) == {"ada", "zoe"}


@pytest.mark.parametrize(("threads", "method"), [(1, "fork"), (2, "spawn")])
def test_several_processes_make_the_same_pages(graded, monkeypatch, threads, method):
    given(graded)
    serial = {name: path.read_bytes() for name, path in pages(graded).items()}
    methods: list[str] = []
    really = processes.get_context
    monkeypatch.setattr(processes, "FEW", 1)
    monkeypatch.setattr(processes.threading, "active_count", lambda: threads)
    monkeypatch.setattr(processes, "get_context", lambda name: methods.append(name) or really(name))
    assert given(graded, jobs=2, force=True)[0] == "made 3 feedback pages for conv2d"
    assert {name: path.read_bytes() for name, path in pages(graded).items()} == serial
    assert methods == [method]


def test_the_course_s_own_cells_are_rendered_once_for_all_processes(graded, monkeypatch):
    own = {source_of(cell) for cell in load_notebook(graded.stub("conv2d"))["cells"]}
    rendered: list[str] = []
    really = {name: getattr(page_exporter, name) for name in ("_code", "_prose")}
    for name in really:
        again = lru_cache(1)(lambda source, name=name: rendered.append(source) or really[name].__wrapped__(source))
        monkeypatch.setattr(page_exporter, name, again)
    monkeypatch.setattr(page_exporter, "_alike", {})
    render.keep_alike(graded, ["conv2d"])
    assert set(rendered) == own
    rendered.clear()
    (page,) = wanted.wanted_pages(graded, "conv2d", {"ben"})
    html = render.html_of(graded.root, page)
    assert rendered and not own & set(rendered)
    monkeypatch.setattr(page_exporter, "_alike", {})
    assert render.html_of(graded.root, page) == html
    assert own & set(rendered)


def test_without_a_stub_there_are_pages(graded, monkeypatch):
    graded.stub("conv2d").unlink()
    monkeypatch.setattr(processes, "FEW", 1)
    assert given(graded, jobs=2)[0] == "made 3 feedback pages for conv2d"


def test_a_picture_in_the_stub_s_text_stops_nothing(graded, monkeypatch):
    """Its attachments are the cell's, and so is what it looks like."""
    stub = graded.stub("conv2d")
    notebook = json.loads(stub.read_text(encoding="utf-8"))
    picture = {"k.png": {"image/png": "iVBORw0KGgo="}}
    cell = {"cell_type": "markdown", "id": "p", "metadata": {}, "source": "![k](attachment:k.png)"}
    notebook["cells"][:0] = [{**cell, "attachments": picture}]
    stub.write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setattr(page_exporter, "_alike", {})
    render.keep_alike(graded, ["conv2d"])
    assert len(page_exporter._alike) > 5
    monkeypatch.setattr(processes, "FEW", 1)
    assert given(graded, jobs=2)[0] == "made 3 feedback pages for conv2d"
    cell["source"] = "![k](attachment:missing.png)"
    stub.write_text(json.dumps({**notebook, "cells": [cell]}), encoding="utf-8")
    assert given(graded, jobs=2, force=True)[0] == "made 3 feedback pages for conv2d"


def test_the_bar_has_no_thread_which_forks_would_lack(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    before = threading.active_count()
    with feedback_run._following() as on_page:
        for done in range(1, 4):
            on_page(done, 3)
        assert threading.active_count() == before
    assert "3/3" in capsys.readouterr().err


@pytest.mark.long
def test_a_process_that_is_lost_costs_the_page_that_it_was_at(graded, monkeypatch):
    monkeypatch.setattr(processes, "FEW", 1)
    monkeypatch.setattr(render, "html_of", lost.html_of)
    with pytest.raises(Problem, match=r"no page could be made for 'ben' \(conv2d\): .*ended the process"):
        given(graded, jobs=2)
    assert set(pages(graded)) == {"ada", "zoe"}


@pytest.mark.long
def test_after_a_loss_only_the_pages_in_hand_are_made_alone(graded, monkeypatch):
    """One bad page must not cost each later one a process of its own."""
    for number in range(9):
        courses.hand_in(graded, f"s{number}", courses.answered(graded, courses.NO_STRIDE))
    engine.grade_class(graded, ["conv2d"])
    alone: list[str] = []
    really = processes._alone
    monkeypatch.setattr(processes, "FEW", 1)
    monkeypatch.setattr(processes, "AHEAD", 1)
    monkeypatch.setattr(render, "html_of", lost.html_of)
    monkeypatch.setattr(processes, "_alone", lambda root, page: alone.append(page.student) or really(root, page))
    with pytest.raises(Problem, match="'ben'"):
        given(graded, jobs=2)
    assert "ben" in alone and len(alone) <= 2
    assert set(pages(graded)) == {"ada", "zoe", *(f"s{number}" for number in range(9))}


def test_grade_makes_the_pages_too(graded, run_cli, monkeypatch):
    done = run_cli("grade", "conv2d", "--feedback", "--student", "ben", "--json", "--course", graded.root)
    assert done.exit_code == 0 and "made 1 feedback page for conv2d" in done.stderr
    assert all(line.startswith("{") for line in done.stdout.splitlines())
    assert set(pages(graded)) == {"ben"}
    monkeypatch.setattr("autograder.terminal.feedback_run.give", lambda *_: os.kill(os.getpid(), signal.SIGINT))
    assert run_cli("grade", "conv2d", "--feedback", "--course", graded.root).exit_code == 130
    done = run_cli("grade", "--dry-run", "--feedback", "--course", graded.root)
    assert done.exit_code == 2 and "Leave out one of the two" in done.stderr


def test_pages_are_made_while_others_are_still_graded(graded, run_cli, monkeypatch):
    def dispatch(course, todo, plan):
        for each in at_a_glance.dispatch(course, todo, plan):
            yield each
            plan.idle()

    monkeypatch.setattr(engine, "dispatch", dispatch)
    monkeypatch.setattr("autograder.terminal.feedback_run.give", lambda *_: None)
    command = ["grade", "conv2d", "--force", "--course", graded.root]
    assert run_cli(*command).exit_code == 0 and not pages(graded)
    assert run_cli(*command, "--feedback").exit_code == 0
    early = {name: path.read_bytes() for name, path in pages(graded).items()}
    assert set(early) == set(NAMES)
    assert given(graded)[0] == "made 0 feedback pages for conv2d, 3 unchanged"
    given(graded, force=True)
    assert {name: path.read_bytes() for name, path in pages(graded).items()} == early


def test_no_page_is_early_where_a_later_hand_in_may_change_its_penalty(graded):
    assert early_pages(graded) is not None
    assert early_pages(graded.model_copy(update={"late": CourseLatePolicy(policy="zero", free_days=2)})) is None


def test_a_name_that_is_a_path_is_nobody(graded):
    given(graded)
    assert "nothing by '../submitted/ada' is graded for conv2d yet" in given(graded, students={"../submitted/ada"})
    assert set(pages(graded)) == set(NAMES)
