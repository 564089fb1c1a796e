"""Each layout is recognised by its names, and says whose a hand-in is and when it was handed in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.campus.arrivals.layouts import layout_of
from autograder.campus.arrivals.plan import Import, Times, plan
from autograder.campus.arrivals.shallow_yaml import read_yaml
from autograder.campus.roster import Member, Roster
from autograder.campus.zip_reader import opened
from autograder.course import Course
from autograder.errors import Problem
from tests.campus import archives
from tests.campus.archives import notebook, packed, tree

Cli = Callable[..., object]
ADA = Member("ada", "Ada", "Lovelace", email="ada@x.edu", canvas_id="12", moodle_ids="7 12", student_number="0042")
BEN = Member("ben", "Ben", "Ng", email="ben@x.edu", login="BNG", canvas_id="13", student_number="0043")
ROSTER = Roster((ADA, BEN))
MOODLE = "_assignsubmission_file_"


@pytest.fixture(scope="module")
def a_class(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course to which nothing is written."""
    return archives.make_course(tmp_path_factory.mktemp("layouts") / "course", "America/New_York")


def planned(of: Course, archive: Path, roster: Roster = ROSTER, key: str = "", times: Times = Times.AUTO) -> Import:
    with opened(archive) as entries:
        return plan(of, "conv2d", entries, layout_of(entries, key), roster, replace=False, times=times)


def whose(made: Import) -> dict[str, str]:
    return {one.student: one.entry.name for one in made.deliveries}


def whens(made: Import) -> dict[str, str]:
    return {one.student: f"{one.when:%Y-%m-%d %H:%M}" for one in made.deliveries if one.when}


def names(*them: str) -> dict[str, bytes]:
    return {name: notebook(name) for name in them}


@pytest.mark.parametrize(
    ("key", "files"),
    [
        ("moodle", names(f"Ada Lovelace_7{MOODLE}/conv2d.ipynb", f"Ben Ng_8{MOODLE}/conv2d (2).ipynb")),
        ("moodle", names(f"Ada Lovelace_7{MOODLE}conv2d.ipynb", f"Ben Ng_8{MOODLE}conv2d.ipynb")),
        # Since Moodle 4.1, folders have no underscore at their end. A folder around all of them does not matter.
        ("moodle", names("all/Ada Lovelace_7_assignsubmission_file/a/b/conv2d.ipynb", f"all/Ben Ng_8{MOODLE}/x.ipynb")),
        ("canvas", names("lovelaceada_12_501_conv2d.ipynb", "ngben_LATE_13_502_conv2d-3.ipynb")),
        (
            "attempts",
            names("conv2d_ada_attempt_2027-01-30-15-00-00_conv2d.ipynb", "W 1_bng_attempt_2027-01-30-15-00-01.ipynb"),
        ),
        ("plain", names("ada.ipynb", "bng.ipynb")),
        ("plain", names("submitted/ada/conv2d/conv2d.ipynb", "submitted/ben/conv2d/conv2d.ipynb")),
        ("plain", names("ada@x.edu/conv2d.ipynb", "0043/anything.ipynb")),
    ],
)
def test_layouts_are_recognised(a_class: Course, tmp_path: Path, key: str, files: dict[str, bytes]) -> None:
    made = planned(a_class, packed(tmp_path / "a.zip", files))
    assert made.layout.key == key
    assert whose(made) == dict(zip(("ada", "ben"), files, strict=True))
    assert made.left_out == []


METADATA = """---
submission_1:
  :submitters:
  - :name: Ada L.
    :sid: '0042'
    :email: ada@x.edu
  :created_at: 2027-01-05 23:30:00.123456000 -05:00
  :results: {a: {b: {c: {d: {e: {f: {g: [1, 2]}}}}}}}
submission_2:
  :submitters: &both
  - :name: Ben Ng
    :email: BEN@x.edu
  - :name: Nobody
    :sid: '9'
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2027-01-06 10:00:00.5 Z
submission_3:
  :submitters: *both
submission_4: nonsense
"""


def test_gradescopes_export(a_class: Course, tmp_path: Path) -> None:
    files = {f"assignment_1_export/submission_{n}/conv2d.ipynb": notebook(str(n)) for n in (1, 2, 4, 5)}
    files["assignment_1_export/submission_metadata.yml"] = METADATA.encode()
    made = planned(a_class, packed(tmp_path / "a.zip", files))
    assert made.layout.key == "gradescope"
    assert whens(made) == {"ada": "2027-01-06 04:30", "ben": "2027-01-06 10:00"}
    assert [where for where, _ in made.left_out] == ["submission_2", "submission_4", "submission_5"]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "a: [", "\0", "a: &x [*x, *x]", "--- 1\n--- 2", "", "- !!python/name:os.system ''"]
)
def test_no_metadata_does_harm(a_class: Course, tmp_path: Path, text: str) -> None:
    files = names("submission_1/conv2d.ipynb") | {"submission_metadata.yml": text.encode()}
    try:
        assert planned(a_class, packed(tmp_path / "a.zip", files)).deliveries == []
    except Problem as problem:
        assert "cannot be read" in str(problem)


def test_yaml_is_read_down_to_some_depth_and_keys_keep_their_values() -> None:
    deep = "a: {b: {c: {d: {e: {f: {g: {h: 1}}, i: 2}}}}}\nj: &x [007, yes]\nk: *x"
    assert read_yaml(deep) == {
        "a": {"b": {"c": {"d": {"e": {"f": None, "i": "2"}}}}},
        "j": ["007", "yes"],
        "k": ["007", "yes"],
    }


def test_yaml_that_is_nested_too_deeply_is_not_read_to_its_end() -> None:
    with pytest.raises(ValueError, match="nested more than 200 levels deep"):
        read_yaml("[" * 300 + "]" * 300)


def test_the_outermost_name_decides_and_not_what_a_learner_calls_a_file(a_class: Course, tmp_path: Path) -> None:
    bens = f"Ben Ng_8{MOODLE}"
    ada = f"Ada Lovelace_7{MOODLE}"
    for files in (
        names(f"{ada}/{bens}/conv2d.ipynb"),
        names(f"{ada}{bens}conv2d.ipynb"),
        names("lovelaceada_12_5_ngben_13_6_x.ipynb"),
    ):
        assert list(whose(planned(a_class, packed(tmp_path / "a.zip", files)))) == ["ada"]


def test_one_odd_name_does_not_decide_the_layout(a_class: Course, tmp_path: Path) -> None:
    files = names("lovelaceada_12_5_conv2d.ipynb", "ngben_13_6_conv2d.ipynb", f"Ada Lovelace_7{MOODLE}/conv2d.ipynb")
    made = planned(a_class, packed(tmp_path / "a.zip", files))
    assert made.layout.key == "canvas" and list(whose(made)) == ["ada", "ben"]
    assert made.left_out == [(f"Ada Lovelace_7{MOODLE}/conv2d.ipynb", "its name is not one of this layout")]


# What contradicts itself, or fits nobody or several.
UNCLEAR = {
    "a group with a participant's number": (f"Team Blue_12{MOODLE}/conv2d.ipynb", "the number or id is that of ada"),
    "another's name": (f"Ben Ng_12{MOODLE}/conv2d.ipynb", "the number or id is that of ada, and the name is another's"),
    "nobody": (f"Eve Nemo_99{MOODLE}/conv2d.ipynb", "nobody in the roster"),
    "a namesake in Canvas": ("lovelaceada_99_5_conv2d.ipynb", "the name is that of ada, who has another number"),
    "anonymous in Canvas": ("anon_x7_12_13_conv2d.ipynb", "nobody in the roster"),
    "typed into Moodle": ("Ada Lovelace_7_assignsubmission_onlinetext_/a.ipynb", "its name is not one of this layout"),
    "the case of an id": ("ADA.ipynb", "nobody in the roster"),
    "almost an id": ("ada1.ipynb", "nobody in the roster"),
}


@pytest.mark.parametrize("name", UNCLEAR)
def test_nothing_is_guessed(a_class: Course, tmp_path: Path, name: str) -> None:
    file, why = UNCLEAR[name]
    made = planned(a_class, packed(tmp_path / "a.zip", names(file)))
    assert made.deliveries == [] and why in made.left_out[0][1], made


def test_two_hand_ins_by_one_learner_are_listed_and_the_last_attempt_counts(a_class: Course, tmp_path: Path) -> None:
    made = planned(a_class, packed(tmp_path / "a.zip", names("ada.ipynb", "ada@x.edu.ipynb")))
    assert made.deliveries == [] and [why for _, why in made.left_out] == ["there are 2 hand-ins by ada"] * 2
    attempts = [f"conv2d_ada_attempt_2027-01-{day}-15-00-00_conv2d.ipynb" for day in (10, 12, 11)]
    made = planned(a_class, packed(tmp_path / "a.zip", names(*attempts)))
    assert whens(made) == {"ada": "2027-01-12 20:00"} and made.left_out == []


def test_without_a_roster_ids_are_names_where_there_is_one_reading(a_class: Course, tmp_path: Path) -> None:
    none = Roster()
    assert list(whose(planned(a_class, packed(tmp_path / "a.zip", names("ada.ipynb", "eve.ipynb")), none))) == [
        "ada",
        "eve",
    ]
    stem = "attempt_2027-01-30-15-00-00.ipynb"
    made = planned(
        a_class, packed(tmp_path / "a.zip", names(f"conv2d_a_b_{stem}", f"hw_eve_{stem}", f"hw_1_x_{stem}")), none
    )
    assert list(whose(made)) == ["a_b", "eve"]
    assert [why for _, why in made.left_out] == ["the id in its name is not clear; a roster would tell"]
    for files in (names(f"Ada Lovelace_7{MOODLE}/conv2d.ipynb"), names("lovelaceada_12_5_conv2d.ipynb")):
        with pytest.raises(Problem, match=r"there is no roster to look them up\. .*--roster"):
            planned(a_class, packed(tmp_path / "a.zip", files), none)


def test_times_are_the_zips_in_the_courses_zone_unless_they_are_a_downloads(a_class: Course, tmp_path: Path) -> None:
    spread = packed(tmp_path / "a.zip", names("ada.ipynb", "ben.ipynb"))
    assert whens(planned(a_class, spread)) == {"ada": "2027-01-01 05:00", "ben": "2027-01-01 06:00"}
    assert whens(planned(a_class, spread, times=Times.NONE)) == {}
    close = packed(tmp_path / "b.zip", names("ada.ipynb", "ben.ipynb"), spread=False)
    made = planned(a_class, close)
    assert whens(made) == {} and "lie within 15 minutes" in made.untimed
    assert whens(planned(a_class, close, times=Times.ZIP)) == {"ada": "2027-01-10 15:00", "ben": "2027-01-10 15:00"}


def test_a_timestamp_and_the_time_in_utc_come_before_the_zips(a_class: Course, tmp_path: Path) -> None:
    utc = archives.entry("ben/conv2d.ipynb")
    utc.extra = b"UT\x05\x00\x01" + (1_800_000_000).to_bytes(4, "little")
    old = archives.entry("0042/conv2d.ipynb", (1980, 1, 1, 0, 0, 0))
    stamped = [(old, b"{}"), ("0042/timestamp.txt", b"2027-01-10 10:00:00 UTC"), (utc, b"{}")]
    made = planned(a_class, packed(tmp_path / "a.zip", stamped), times=Times.ZIP)
    assert whens(made) == {"ada": "2027-01-10 10:00", "ben": "2027-01-15 08:00"}
    made = planned(a_class, packed(tmp_path / "a.zip", [stamped[0], stamped[2]]), times=Times.ZIP)
    assert whens(made) == {"ben": "2027-01-15 08:00"}


def test_the_notebook_with_the_assignments_name_is_meant(a_class: Course, tmp_path: Path) -> None:
    files = names("ada/conv2d.ipynb", "ada/try.ipynb", "ben/myconv2d.ipynb", "ben/transposed.ipynb") | {
        "ada/data.csv": b""
    }
    made = planned(a_class, packed(tmp_path / "a.zip", files))
    assert whose(made) == {"ada": "ada/conv2d.ipynb"} and made.others == 1
    assert made.left_out == [("ben", "it holds 2 notebooks, and which one is meant is not clear")]


def test_an_unknown_format_names_those_there_are(a_class: Course, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="gradescope, moodle, attempts, canvas, plain"):
        planned(a_class, packed(tmp_path / "a.zip", names("ada.ipynb")), key="ilias")


def test_only_replace_replaces_and_never_a_later_one(tmp_path: Path, run_cli: Cli) -> None:
    of = archives.make_course(tmp_path / "course")

    def bring(by: str, hour: int, *options: str):
        pairs = [(archives.entry("ada.ipynb", (2027, 1, 10, hour, 0, 0)), notebook(by))]
        archive = packed(tmp_path / "a.zip", pairs)
        return run_cli("import", archive, "--assignment", "conv2d", "--times", "zip", "--course", of.root, *options)

    def there() -> bytes:
        return (of.root / "submitted" / "ada" / "conv2d" / "conv2d.ipynb").read_bytes()

    assert "imported 1 submission" in bring("first", 10).stdout
    before = tree(of.root)
    done = bring("second", 11)
    assert "ada: ada has an earlier one in submitted/; --replace takes it" in done.stdout and done.exit_code == 1
    assert "ada has a later one in submitted/, which stays" in bring("none", 9, "--replace").stdout
    assert "would replace what is in submitted/ of ada" in bring("second", 11, "--replace", "--dry-run").stdout
    assert tree(of.root) == before
    assert "replaced what is in submitted/ of ada" in bring("second", 11, "--replace").stdout
    assert there() == notebook("second")
    assert (of.root / "submitted/ada/conv2d/timestamp.txt").read_text() == "2027-01-10 11:00:00.000000 UTC"
    assert sorted(path.name for path in (of.root / "submitted").iterdir()) == ["ada"]
    untimed = bring("third", 12, "--times", "none")
    assert "which is later is not known" in untimed.stdout and there() == notebook("second")
