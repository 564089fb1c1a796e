"""The key that decides the hidden cases: where it comes from, how it is made, and who can see it."""

import json
import pickle
import stat

import pytest

from autograder import course, key
from autograder.errors import Problem
from autograder.key import Key, derived
from autograder.suite.load import load_suite
from tests import courses

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    monkeypatch.delenv(key.VARIABLE, raising=False)


def cases(of: course.Course) -> str:
    return repr([case.arguments for check in load_suite("conv2d").checks for case in check.drawn(of.key)])


def test_the_environment_comes_before_the_file_and_the_file_before_the_public_seed(a_course, monkeypatch):
    assert (a_course.key.origin, a_course.key.shown) == (key.SEED, 7)
    made = key.make(a_course.root)
    with_file = course.load(a_course.root)
    assert with_file.key == made and len({cases(a_course), cases(with_file)}) == 2
    monkeypatch.setenv(key.VARIABLE, "7")
    with_variable = course.load(a_course.root)
    assert with_variable.key == Key("7", key.VARIABLE) and cases(with_variable) == cases(a_course)
    monkeypatch.setenv(key.VARIABLE, "any text will do")
    assert not course.load(a_course.root).key.weak
    monkeypatch.setenv(key.VARIABLE, " ")
    with pytest.raises(Problem, match="AUTOGRADER_SEED: is empty"):
        course.load(a_course.root)


def test_a_new_key_is_random_and_for_its_owner_alone_and_never_replaced(tmp_path):
    made = key.make(tmp_path)
    path = tmp_path / key.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(bytes.fromhex(path.read_text())) == 16 and key.find(tmp_path) == made
    before = path.read_bytes()
    with pytest.raises(Problem, match="is there already"):
        key.make(tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["", "2026", "not a key at all, but of a good length", SECRET.upper(), "ä" * 32])
def test_a_damaged_key_is_told_and_nothing_falls_back_to_the_public_seed(a_course, text):
    (a_course.root / key.FILE).write_text(text, encoding="utf-8")
    with pytest.raises(Problem, match=r"course\.key: (does not hold a key|cannot be read)"):
        course.load(a_course.root)


def test_a_link_in_the_place_of_the_key_is_refused(a_course, tmp_path):
    (tmp_path / "elsewhere").write_text(SECRET)
    (a_course.root / key.FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Problem, match="is not a file"):
        course.load(a_course.root)


def test_a_key_is_shown_by_its_fingerprint_and_goes_to_judges_whole(a_course):
    with_key = a_course.under(Key(SECRET, key.FILE))
    shown = with_key.key.shown
    assert len(shown) == 8 and shown not in SECRET
    for text in (repr(with_key), str(with_key.key), repr(with_key.key), with_key.model_dump_json()):
        assert SECRET not in text
    assert pickle.loads(pickle.dumps(with_key)).key == with_key.key


def test_numbers_that_anybody_could_try_are_shown_as_they_are():
    assert [Key(text).shown for text in ("2026", "0")] == [2026, 0]
    assert isinstance(Key(str(2**64)).shown, str)


def test_what_is_derived_depends_on_every_part_and_on_where_it_ends():
    many = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), (), ("a", "b", "c")]
    assert len({derived(7, *parts) for parts in many}) == len(many)
    assert derived(7, "a") == derived(Key("7"), "a") != derived(8, "a")


def test_release_makes_a_key_once_and_says_so(run_cli, a_course):
    done = run_cli("release", "--only-stubs", "--course", a_course.root)
    assert "public seed in course.yml" in done.stderr and not (a_course.root / key.FILE).exists()
    done = run_cli("release", "--course", a_course.root)
    made = (a_course.root / key.FILE).read_bytes()
    assert "made course.key (fingerprint " in done.stdout and made.decode().strip() not in done.stdout
    assert "Warning" not in done.stderr
    done = run_cli("release", "--course", a_course.root)
    assert "course.key" not in done.stdout and (a_course.root / key.FILE).read_bytes() == made


def test_a_course_that_was_graded_keeps_its_checks_until_somebody_asks(run_cli, a_course):
    (a_course.root / "results" / "conv2d").mkdir(parents=True)
    (a_course.root / "results" / "conv2d" / "ann.json").write_text("{}")
    done = run_cli("release", "--course", a_course.root)
    assert "was graded with the public seed" in done.stderr and "autograder key" in done.stderr
    assert not (a_course.root / key.FILE).exists()
    done = run_cli("key", "--course", a_course.root)
    assert "grades everything again" in done.stdout and (a_course.root / key.FILE).exists()
    done = run_cli("key", "--course", a_course.root)
    assert "nothing was changed" in done.stdout and done.exit_code == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("variable", "says"),
    [(None, "public seed in course.yml"), ("12345", "AUTOGRADER_SEED is so short"), (SECRET, "")],
)
def test_grade_and_doctor_say_where_the_hidden_checks_are_no_secret(run_cli, a_course, monkeypatch, variable, says):
    if variable:
        monkeypatch.setenv(key.VARIABLE, variable)
    courses.hand_in(a_course, "ann", courses.answered(a_course))
    done = run_cli("grade", "conv2d", "--json", "--jobs", "1", "--course", a_course.root)
    assert all(isinstance(json.loads(line), dict) for line in done.stdout.splitlines())
    assert (
        (f"Warning: {says}" in done.stderr.replace("the hidden checks are drawn from the ", ""))
        if says
        else ("Warning" not in done.stderr)
    )
    saved = (a_course.root / "results" / "conv2d" / "ann.json").read_text()
    assert SECRET not in saved + done.stdout + done.stderr
    found = run_cli("doctor", "--course", a_course.root).stdout
    assert "hidden cases: " in found and SECRET not in found
    assert ("autograder key" in found) == bool(says)


def test_a_key_that_others_can_read_is_told(a_course):
    key.make(a_course.root)
    (a_course.root / key.FILE).chmod(0o644)
    assert key.weakness(course.load(a_course.root).key, a_course.root) == key.OPEN


def test_git_ignores_the_key():
    assert "/course.key" in (courses.ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("value", ["9" * 5000, "１２", "abc\udcff", "²" * 20 + "\udc80"], ids=range(4))
def test_a_key_in_the_environment_that_is_no_key_is_a_problem(value, tmp_path, monkeypatch):
    monkeypatch.setenv(key.VARIABLE, value)
    with pytest.raises(Problem, match="AUTOGRADER_SEED"):
        key.find(tmp_path)
