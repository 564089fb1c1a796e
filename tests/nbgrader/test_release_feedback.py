"""Every page that can be released is released, whatever the timestamp and secret of another hand-in."""

from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import Problem
from autograder.feedback.give import give
from autograder.grading import engine
from autograder.nbgrader import commands, feedback_page, page_exporter
from autograder.nbgrader.staging import stage
from tests import courses
from tests.grading import at_a_glance
from tests.nbgrader.exchange import EXCHANGE

STAMP = courses.IN_TIME.encode()
SECRET = b"s" * 64
BAD = {
    "binary": (b"\xff\xfe", STAMP),
    "empty": (b"", STAMP),
    "lines": (b"a\nb\x1b", STAMP),
    "timeless": (SECRET, None),
    "no time": (SECRET, b"\xff\xff"),
}


@pytest.fixture
def exchange(a_course: Course, tmp_path: Path) -> Path:
    """The folder of the exchange's feedback."""
    root = tmp_path / "exchange"
    root.mkdir()
    root.chmod(0o777)
    with (a_course.root / "nbgrader_config.py").open("a", encoding="utf-8") as config:
        config.write(EXCHANGE.format(root=str(root)))
    return root / "tiny" / "feedback"


def hand_in(of: Course, student: str, secret: bytes, stamp: bytes | None) -> Path:
    folder = courses.hand_in(of, student, courses.answered(of), time="").parent
    (folder / "submission_secret.txt").write_bytes(secret)
    if stamp is not None:
        (folder / "timestamp.txt").write_bytes(stamp)
    return folder


def test_only_what_the_exchange_can_use_is_kept(
    a_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)
    handed_in = {**BAD, "good": (SECRET, STAMP)}
    folders = {name: hand_in(a_course, name, secret, stamp) for name, (secret, stamp) in handed_in.items()}
    engine.grade_class(a_course, ["conv2d"])
    for name, (_, stamp) in handed_in.items():
        staged = tmp_path / f"staged {name}"
        staged.mkdir()
        stage(folders[name], staged)
        for kept in (staged, a_course.root / "autograded" / name / "conv2d"):
            assert (kept / "submission_secret.txt").is_file() == (name == "good"), (name, kept)
            assert (kept / "timestamp.txt").is_file() == (stamp == STAMP), (name, kept)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader
def test_one_that_cannot_be_released_keeps_nobody_from_theirs(a_course: Course, exchange: Path) -> None:
    for name in ("ada", "ben", "zoe"):
        hand_in(a_course, name, name.encode() * 20, STAMP)
    engine.grade_class(a_course, ["conv2d"])
    secret = a_course.root / "autograded" / "ada" / "conv2d" / "submission_secret.txt"
    secret.chmod(0o644)
    secret.write_bytes(b"\xff\xfe")
    lines: list[str] = []
    with pytest.raises(Problem, match=r"conv2d could not be released.*ada"):
        give(commands.connect(a_course), a_course, ["conv2d"], lines.append)
    assert lines[-1] == "released 2 feedback pages for conv2d"
    assert len(list(exchange.glob("*.html"))) == 2


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader
def test_what_the_exchange_has_is_not_released_again(
    a_course: Course, exchange: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)
    for name in ("ada", "ben"):
        hand_in(a_course, name, name.encode() * 20, STAMP)
    engine.grade_class(a_course, ["conv2d"])

    def released() -> str:
        lines: list[str] = []
        give(commands.connect(a_course), a_course, ["conv2d"], lines.append)
        return lines[-1]

    assert released() == "released 2 feedback pages for conv2d"
    assert released() == "released 0 feedback pages for conv2d"
    courses.change(a_course, "update comment set manual_comment = 'Seen' where notebook_id in ({of})", "ada")
    assert released() == "released 1 feedback page for conv2d"
    next(exchange.glob("*.html")).unlink()
    assert released() == "released 1 feedback page for conv2d"
    assert sum("Seen" in page.read_text(encoding="utf-8") for page in exchange.glob("*.html")) == 1


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning")  # nbgrader
def test_a_page_that_takes_for_ever_is_the_only_one_that_is_not_made(
    a_course: Course, run_cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "dispatch", at_a_glance.dispatch)
    for name in ("ada", "ben", "zoe"):
        courses.hand_in(a_course, name, courses.answered(a_course))
    engine.grade_class(a_course, ["conv2d"])
    real = feedback_page.Page.preprocess

    def slow(page: feedback_page.Page, notebook: object, resources: dict) -> tuple:
        while resources["nbgrader"]["student"] == "ben":
            pass
        return real(page, notebook, resources)

    monkeypatch.setattr(feedback_page.Page, "preprocess", slow)
    monkeypatch.setattr(page_exporter, "PAGE_SECONDS", 1)
    done = run_cli("feedback", "conv2d", "--course", a_course.root)
    assert done.exit_code == 2
    last = done.stderr.splitlines()[-1]
    assert "no page could be made for 'ben' (conv2d): " in last and "took more than 1 s to turn into a page" in last
    assert {path.parts[-3] for path in a_course.root.glob("feedback/*/conv2d/conv2d.html")} == {"ada", "zoe"}
