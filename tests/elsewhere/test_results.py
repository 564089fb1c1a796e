"""Result files for other systems, read by schemas that are written from the systems' own specifications."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import ValidationError

from autograder.elsewhere import classroom50, github, gradescope, prairielearn, results, words
from autograder.elsewhere.systems import Format
from autograder.errors import Problem
from autograder.report.messages import GRADER_ERROR, NOT_FINAL
from autograder.report.report import UNSAFE_TIER, Outcome, Report
from tests.elsewhere import schemas
from tests.elsewhere.reports import ALL, HOSTILE, LOST, UNREADABLE, check, report

EVERY = {"all": ALL, "lost": LOST, "unreadable": UNREADABLE, "none": report()}
RUNNER = {
    "CLASSROOM": "cs-principles",
    "ASSIGNMENT": "conv2d",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.com/x/y/commit/abc",
    "RELEASE_URL": "https://github.com/x/y/releases/tag/z",
    "REVIEW_URL": "https://github.com/x/y/compare/a...b",
}


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment that Classroom 50's runner gives an autograder."""
    for name, value in RUNNER.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("name", EVERY)
def test_gradescope_reads_it(name: str) -> None:
    schemas.validate(json.loads(gradescope.result(EVERY[name])), schemas.GRADESCOPE)
    schemas.validate(json.loads(gradescope.no_verdict()), schemas.GRADESCOPE)


def test_gradescope_gets_points_and_words() -> None:
    read = json.loads(gradescope.result(ALL))
    assert read["score"] == sum(test["score"] for test in read["tests"]) == 2
    assert [test["max_score"] for test in read["tests"]] == [2, 1.25, 0.75]
    assert [test["status"] for test in read["tests"]] == ["passed", "failed", "failed"]
    assert "f(1)" in read["tests"][1]["output"]
    assert "cell 3 raised ValueError" in read["output"]


def test_no_test_is_hidden_since_that_would_hide_the_total() -> None:
    for of in EVERY.values():
        read = json.loads(gradescope.result(of))
        assert {test["visibility"] for test in read["tests"]} <= {"visible"}
        assert read["visibility"] == "visible"
        assert read["stdout_visibility"] == "hidden"


@pytest.mark.parametrize(("level", "says"), [("full", "f(1)"), ("hint", "Expected 1, got 2"), ("title", "Failed.")])
def test_a_check_says_no_more_than_the_course_shows(level: str, says: str) -> None:
    failed = check(1, Outcome.FAILED, message="Expected 1, got 2", png="AAAA").limited_to(level)
    told = [says for says in ("f(1)", "Expected 1, got 2") if level == "full" or (level, says[0]) == ("hint", "E")]
    for adapter in (gradescope, prairielearn, github):
        text = adapter.result(report(failed))
        assert says in text
        assert [one for one in ("f(1)", "Expected 1, got 2") if one in text] == told


def test_nothing_from_a_submission_is_markup_at_gradescope() -> None:
    read = json.loads(gradescope.result(ALL))
    formats = {read[name] for name in read if name.endswith("_format")}
    formats |= {test[name] for test in read["tests"] for name in test if name.endswith("_format")}
    assert formats == {"text"}
    assert "\x1b" not in gradescope.result(ALL)


def test_a_check_without_a_verdict_is_neither_passed_nor_failed() -> None:
    read = json.loads(gradescope.result(LOST))
    passed, lost = read["tests"]
    assert passed["status"] == "passed"
    assert "status" not in lost and lost["score"] == 0 and lost["output"] == GRADER_ERROR
    assert NOT_FINAL in read["output"]
    assert NOT_FINAL in github.result(LOST)
    read = json.loads(prairielearn.result(LOST))
    assert read["gradable"] is False and "score" not in read


def test_every_system_is_told_that_there_is_no_verdict(tmp_path: Path) -> None:
    for system in (Format.GRADESCOPE, Format.GITHUB, Format.PRAIRIELEARN):
        results.write(None, system, tmp_path / system)
        assert words.NO_VERDICT in (tmp_path / system).read_text("utf-8")
    # Classroom 50's runner publishes an error if there is no file.
    results.write(None, Format.CLASSROOM50, tmp_path / "result.json")
    assert not (tmp_path / "result.json").exists()


@pytest.mark.parametrize("name", EVERY)
def test_prairielearn_reads_it(name: str) -> None:
    schemas.validate(json.loads(prairielearn.result(EVERY[name])), schemas.PRAIRIELEARN)
    schemas.validate(json.loads(prairielearn.no_verdict()), schemas.PRAIRIELEARN)


def test_prairielearn_gets_a_share_and_pictures() -> None:
    read = json.loads(prairielearn.result(ALL))
    assert read["score"] == 0.5 and read["gradable"]
    assert all("points" in test and "max_points" in test for test in read["tests"])
    assert read["tests"][1]["images"][0]["label"] == "two grids"


def test_a_file_that_cannot_be_read_costs_no_attempt_at_prairielearn() -> None:
    read = json.loads(prairielearn.result(UNREADABLE))
    assert read["gradable"] is False and read["format_errors"] == ["The file is broken."]


@pytest.mark.parametrize(("png", "message"), [(300_000, 10), (300_000, 60_000), (10, 60_000)])
def test_prairielearn_gets_at_most_a_megabyte(png: int, message: int) -> None:
    large = report(
        *(check(n, Outcome.FAILED, message="é" * message, png="A" * png) for n in range(5)), notes=("ü" * 9,)
    )
    text = prairielearn.result(large)
    assert len(text.encode()) <= 1_000_000
    read = json.loads(text)
    schemas.validate(read, schemas.PRAIRIELEARN)
    if message < 100:
        # Pictures go one by one, the last ones first.
        assert [("images" in test) for test in read["tests"]] == [True, True, True, False, False]
        assert all(test["output"].startswith("é" * message) for test in read["tests"])


@pytest.mark.usefixtures("runner")
@pytest.mark.parametrize("name", EVERY)
def test_classroom_50_reads_it(name: str) -> None:
    read = json.loads(classroom50.result(EVERY[name]))
    schemas.validate(read, schemas.CLASSROOM50)
    assert read["score"] == sum(test["score"] for test in read["tests"]) <= read["max-score"]
    assert read["max-score"] == sum(test["max-score"] for test in read["tests"])
    assert all(test["score"] <= test["max-score"] for test in read["tests"])


@pytest.mark.usefixtures("runner")
def test_classroom_50_gets_hundredths_where_points_are_fractions() -> None:
    read = json.loads(classroom50.result(ALL))
    assert (read["score"], read["max-score"]) == (200, 400)
    assert [test["max-score"] for test in read["tests"]] == [200, 125, 75]
    read = json.loads(classroom50.result(LOST))
    assert (read["score"], read["max-score"]) == (2, 4)


@pytest.mark.usefixtures("runner")
def test_classroom_50_is_named_what_its_runner_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUBMISSION_TAG")
    with pytest.raises(Problem, match="SUBMISSION_TAG: is not set"):
        classroom50.result(ALL)


def test_the_schemas_refuse_what_is_wrong() -> None:
    """They would prove nothing otherwise."""
    wrong = json.loads(gradescope.result(ALL))
    wrong["tests"][0]["visibility"] = "shown"
    with pytest.raises(ValidationError):
        schemas.validate(wrong, schemas.GRADESCOPE)
    wrong = json.loads(prairielearn.result(ALL))
    del wrong["tests"][0]["points"]
    with pytest.raises(ValidationError):
        schemas.validate(wrong, schemas.PRAIRIELEARN)


FENCED = re.compile(r"^(`{3,})text\n(.*?)\n\1$", re.MULTILINE | re.DOTALL)


def test_no_text_of_a_submission_leaves_its_fence_in_a_job_summary() -> None:
    text = github.result(ALL)
    assert any("<b>x</b> ```" in body for _, body in FENCED.findall(text))
    outside = FENCED.sub("", text)
    for piece in ("<", "```", "::", "@everyone", "##[", "ValueError"):
        assert piece not in outside
    assert "\x1b" not in text


def test_titles_are_text_in_a_job_summary() -> None:
    titled = check(1, Outcome.FAILED).model_copy(update={"title": "a | b <i> `c` _d_"})
    assert r"a \| b \<i\> \`c\` \_d\_" in github.result(report(titled))


def test_a_job_summary_takes_at_most_a_mebibyte_with_what_is_there_already(tmp_path: Path) -> None:
    path = tmp_path / "summary"
    path.write_text("x" * 300_000, encoding="utf-8")
    large = report(*(check(n, Outcome.FAILED, message="é" * 200_000) for n in range(4)))
    results.write(large, Format.GITHUB, path)
    text = path.read_text("utf-8")
    assert text.startswith("x" * 300_000)
    assert len(text.encode()) <= 1 << 20
    assert len(FENCED.findall(text)) == 1
    assert "left out here" in text and "does thing 3" in text.rpartition("left out here")[2]


def test_the_log_of_a_run_holds_one_command_a_line_and_nothing_else() -> None:
    for system in (Format.GITHUB, Format.CLASSROOM50):
        for of in EVERY.values():
            for line in results.log(of, system):
                assert re.fullmatch(r"::(error|warning|notice)( title=[^:,]*)?::[^\r\n]*", line)
    (failed,) = [line for line in results.log(ALL, Format.GITHUB) if line.startswith("::warning")]
    assert "%0A::add-mask::x%0A" in failed and "%250A" in failed
    assert HOSTILE not in failed


def test_a_run_has_at_most_ten_annotations_of_a_kind() -> None:
    many = report(*(check(number, Outcome.FAILED) for number in range(20)))
    assert sum(line.startswith("::warning") for line in github.log(many)) == 10


def test_instructors_are_told_what_the_machine_holds_and_its_tier() -> None:
    for system in Format:
        for tier, says in (
            ("A", "none of their files"),
            ("B", "open none of their files"),
            (UNSAFE_TIER, "no sandbox"),
        ):
            text = "\n".join(results.log(report(check(1, Outcome.PASSED), tier=tier), system))
            assert words.SHARED in text and says in text and f"Tier {tier}" in text


def test_a_link_in_the_place_of_a_result_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine", encoding="utf-8")
    (tmp_path / "results.json").symlink_to(elsewhere)
    results.write(ALL, Format.GRADESCOPE, tmp_path / "results.json")
    assert elsewhere.read_text("utf-8") == "mine"
    assert json.loads((tmp_path / "results.json").read_text("utf-8"))["score"] == 2


@pytest.mark.usefixtures("runner")
def test_flags_are_in_no_result_and_only_in_logs_that_learners_cannot_read() -> None:
    flagged = ALL.model_copy(update={"flags": ("For the instructor: cell 2 uses ctypes",)})
    for system, adapter in results.ADAPTERS.items():
        assert "For the instructor" not in adapter.result(flagged), system
    logs = {system: "\n".join(results.log(flagged, system)) for system in Format}
    # Classroom 50 grades in the learner's own repository.
    assert {system for system, log in logs.items() if "cell 2 uses ctypes" in log} == {*Format} - {Format.CLASSROOM50}


def test_a_bonus_is_called_one() -> None:
    bonus: Report = report(check(1, Outcome.PASSED)).model_copy(update={"bonus": True})
    assert words.points(bonus) == "2 of 2 bonus points"
