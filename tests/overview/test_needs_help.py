"""A learner is named only where the facts hold; and when the class handed in."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.grading.resubmission import Former
from autograder.nbgrader.hand_ins import HandIn, hand_ins
from autograder.overview import class_data, words
from autograder.overview.class_data import Result
from autograder.overview.hours import Source, hours, span
from autograder.overview.needs_help import needs_help
from autograder.report.report import Look
from tests.overview import made_up
from tests.overview.made_up import DUE, grade, report

HALF = DUE + timedelta(days=1)
# Seven outcomes of conv2d: full, 7 points, 4 points, 0 points.
FULL, MOST, FEW, NONE = "ppppppp", "ppfppsp", "ppfffsp", "fssssss"
EXCHANGE = "c = get_config()\nc.Exchange.root = {root!r}\nc.ExchangeCollect.check_owner = {check}\n"


def reasons(of: Course, now: datetime = HALF) -> dict[str, tuple[str, ...]]:
    data = class_data.load(of, [each.id for each in of.assignments], now=now)
    return {each.student: each.reasons for each in needs_help(data)}


def test_few_points_no_verdict_and_files_without_an_answer_are_reasons(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    for student, outcomes in (("full", FULL), ("most", MOST), ("few", FEW), ("none", NONE), ("open", "pepppsp")):
        grade(of, student, report(of, outcomes))
    looks = {"odd": Look.UNREADABLE, "empty": Look.EMPTY, "other": Look.WRONG_STEP}
    for student, look in looks.items():
        grade(of, student, report(of, "fffffff", looks=[look]))
    grade(of, "mended", report(of, FULL, looks=[Look.REPAIRED]))
    grade(of, "flagged", report(of, FEW, looks=[Look.FLAGGED]))
    assert reasons(of) == {
        "few": ("4 of 10 points for conv2d",),
        "none": ("0 of 10 points for conv2d",),
        "open": ("no verdict on conv2d: needs a person",),
        "odd": ("what was handed in for conv2d could not be read",),
        "empty": ("no answer in what was handed in for conv2d",),
        "other": ("another step's notebook handed in for conv2d",),
        "flagged": ("flagged code in conv2d: read it before you trust the points", "4 of 10 points for conv2d"),
    }


def test_nothing_handed_in_is_a_reason_once_it_is_due(tmp_path):
    of = made_up.make_course(tmp_path / "course", ("conv2d", "flatten", "full"))
    grade(of, "ada", report(of, FULL))
    made_up.enter(of, ben="Ben")
    assert reasons(of, DUE) == {}
    assert reasons(of, DUE + timedelta(seconds=1)) == {"ben": ("nothing handed in for conv2d",)}
    later = DUE + timedelta(weeks=2, days=1)
    assert reasons(of, later) == {
        "ada": ("nothing handed in for flatten and full",),
        "ben": ("nothing handed in for conv2d, flatten and full",),
    }
    made_up.extend(of, "ben", "conv2d", timedelta(weeks=4))
    # With the extension, nbgrader adds empty grades. They are no hand-in.
    assert reasons(of, later)["ben"] == ("nothing handed in for flatten and full",)
    assert ("conv2d", "ben") not in class_data.load(of, ["conv2d"]).entries
    made_up.hand_in(of, "ben")
    assert class_data.load(of, ["conv2d"]).entries["conv2d", "ben"].result is Result.NOT_GRADED


def test_without_a_due_date_it_is_a_reason_once_half_of_the_class_has_handed_in(tmp_path):
    of = made_up.make_course(tmp_path / "course", due=False)
    grade(of, "ada", report(of, FULL))
    made_up.enter(of, ben="Ben", cleo="Cleo")
    assert reasons(of) == {}
    chosen = class_data.load(of, ["conv2d"], ["ada", "cleo"], HALF)
    assert needs_help(chosen) == [], "one of three is not half of the class"
    grade(of, "ben", report(of, FULL))
    assert reasons(of) == {"cleo": ("nothing handed in for conv2d",)}


@pytest.mark.parametrize(("lost", "told"), [(2, None), (3, "lost points in 3 of the last 4 steps")])
def test_losing_points_often_is_a_reason(tmp_path, lost, told):
    steps = ("conv2d", "flatten", "full", "pooling", "conv1d")
    of = made_up.make_course(tmp_path / "course", steps)
    for number, step in enumerate(steps):
        count = len(report_length(step))
        # The first step is not among the last four.
        outcomes = "p" * (count - 1) + ("f" if number == 0 or number > 4 - lost else "p")
        grade(of, "ada", report(of, outcomes, step=step))
    assert reasons(of) == ({"ada": (told,)} if told else {})


def report_length(step: str) -> tuple:
    return made_up.load_suite(step).checks


def test_fewer_points_for_a_later_hand_in_are_a_reason(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    former = Former(points=10, when=DUE - timedelta(days=3))
    grade(of, "ada", report(of, MOST), DUE - timedelta(hours=1), former=former)
    made_up.enter(of)
    (told,) = reasons(of)["ada"]
    assert told.startswith("conv2d: fewer points for a later hand-in: 7 for the one of 2027-01-08 22:59 UTC, 10 for")


def test_spans_reach_up_to_the_deadline():
    for before, label in ((-1, "late"), (0, "under 1 h"), (3600, "1–6 h"), (7 * 86400, "over 7 days")):
        assert span(DUE, DUE - timedelta(seconds=before)) == label


def test_times_are_those_of_timestamps_where_there_is_no_exchange(tmp_path):
    of = made_up.make_course(tmp_path / "course")
    grade(of, "ada", report(of, FULL), DUE - timedelta(hours=2))
    grade(of, "ben", report(of, FULL), DUE + timedelta(hours=2))
    grade(of, "cleo", report(of, FULL), None)
    own = hours(class_data.load(of, ["conv2d"]), of.assignments[0])
    assert (own.source, own.hand_ins, own.undated) == (Source.TIMESTAMPS, 3, 1)
    assert {label: count for label, count in own.spans.items() if count} == {"1–6 h": 1, "late": 1}
    assert words.times(own)[0].startswith("The last hand-in of each learner, by its timestamp.")
    assert words.times(own)[1] == "1 hand-in without a timestamp."


@pytest.fixture
def with_exchange(tmp_path) -> tuple[Course, Path]:
    of = made_up.make_course(tmp_path / "course")
    inbound = tmp_path / "exchange" / of.course / "inbound"
    inbound.mkdir(parents=True)
    exchange(of, inbound, check=False)
    return of, inbound


def exchange(of: Course, inbound: Path, *, check: bool) -> None:
    text = EXCHANGE.format(root=str(inbound.parents[1]), check=check)
    (of.root / "nbgrader_config.py").write_text(text, encoding="utf-8")


def put(inbound: Path, student: str, when: datetime, letters: str = "abc") -> Path:
    folder = inbound / f"{student}+conv2d+{when:%Y-%m-%d %H:%M:%S} UTC+{letters}"
    folder.mkdir()
    return folder


def test_hand_ins_are_counted_in_the_exchange_if_it_is_there(with_exchange):
    of, inbound = with_exchange
    grade(of, "ada", report(of, FULL), DUE - timedelta(hours=2))
    grade(of, "ben", report(of, FULL), DUE - timedelta(hours=2))
    for hours_before in (80, 30, 2):
        put(inbound, "ada", DUE - timedelta(hours=hours_before))
    put(inbound, "ben", DUE - timedelta(hours=2))
    data = class_data.load(of, ["conv2d"])
    own = hours(data, of.assignments[0])
    assert (own.source, own.hand_ins, own.often) == (Source.EXCHANGE, 4, {1: 1, 3: 1})
    assert {label: count for label, count in own.spans.items() if count} == {"3–7 days": 1, "1–3 days": 1, "1–6 h": 2}
    assert words.times(own) == ["4 hand-ins by 2 learners, counted in the exchange: 1 once, 1 more often."]
    assert data.waiting == frozenset()


def test_a_hand_in_that_waits_in_the_exchange_is_not_missing(with_exchange):
    of, inbound = with_exchange
    grade(of, "ada", report(of, FULL), DUE - timedelta(hours=2))
    made_up.enter(of, ben="Ben", cleo="Cleo")
    put(inbound, "ben", DUE - timedelta(hours=1))
    put(inbound, "ada", DUE - timedelta(hours=1))
    data = class_data.load(of, ["conv2d"], now=HALF)
    assert data.waiting == {("ada", "conv2d"), ("ben", "conv2d")}
    assert reasons(of) == {"cleo": ("nothing handed in for conv2d",)}
    assert words.notes_on(class_figures(data), 2) == ["2 hand-ins in the exchange and not yet collected."]


def class_figures(data: class_data.ClassData):
    from autograder.overview.statistics import figures

    return figures(data, data.assignments[0])


def test_what_collect_would_leave_out_by_its_name_or_its_owner_is_not_counted(with_exchange, monkeypatch):
    of, inbound = with_exchange
    put(inbound, "ada", DUE)
    put(inbound, ".hidden", DUE)
    (inbound / "nonsense").mkdir()
    (inbound / "ben+conv2d+yesterday+abc").mkdir()
    (inbound / "ben+other+2027-01-08 10:00:00 UTC+abc").mkdir()
    (inbound / "ben+conv2d+2027-01-08 10:00:00 UTC+file").touch()
    (inbound / "ben+conv2d+2027-01-08 10:00:00 UTC+link").symlink_to(inbound)
    assert hand_ins(of, ["conv2d"]) == [HandIn("ada", "conv2d", DUE)]
    monkeypatch.setattr("autograder.nbgrader.hand_ins.may_be", lambda student, owner: student != "ada")
    assert len(hand_ins(of, ["conv2d"])) == 1, "the course does not check owners"
    exchange(of, inbound, check=True)
    assert hand_ins(of, ["conv2d"]) == []
