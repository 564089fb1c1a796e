"""The docs name files and functions that exist where they say."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from autograder import __version__
from autograder.course import LEARNERS_FOLDERS

ROOT = Path(__file__).resolve().parents[1]
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
HOP = re.compile(r"^\| \d+.*?\| .*?\| `([\w/.]+\.py)` \| `([\w.]+)`", re.MULTILINE)


def names_in(path: Path) -> set[str]:
    """Return the functions and classes of a file, and methods with the name of their class."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    methods = {
        f"{name}.{method.name}" for name, node in defined.items() for method in node.body if hasattr(method, "name")
    }
    return defined.keys() | methods


@pytest.mark.parametrize(("file", "function"), HOP.findall(ARCHITECTURE))
def test_every_hop_of_a_submission_exists(file: str, function: str) -> None:
    assert function in names_in(ROOT / "autograder" / file)


def test_every_room_of_the_package_stands_in_the_tree() -> None:
    tree = ARCHITECTURE.split("```")[1]
    package = ROOT / "autograder"
    rooms = {path.name for path in package.iterdir() if (path / "__init__.py").exists()}
    files = {path.name for path in package.glob("[!_]*.py")}
    missing = {name for name in rooms if f"{name}/" not in tree} | {name for name in files if name not in ARCHITECTURE}
    assert not missing


def test_arrows_mark_the_hops_to_a_higher_floor() -> None:
    tree = ARCHITECTURE.split("```")[1]
    floors, number = {"steps": 6}, 0
    for floor, name in re.findall(r"^ *(\d*) *([a-z_]+)(?:/|\.py)  ", tree, re.MULTILINE):
        number = int(floor or number)
        floors.setdefault(name, number)
    rows = re.findall(r"^\| \d+( ↑)? \|.*?`([a-z_]+)(?:/|\.py)", ARCHITECTURE, re.MULTILINE)
    assert len(rows) == 26
    before = len(floors)
    for arrow, room in rows:
        assert bool(arrow) == (floors[room] > before), room
        before = floors[room]
    assert "Eight of the 25 hops go up" in ARCHITECTURE and sum(bool(arrow) for arrow, _ in rows) == 8


SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`((?:[a-z_]+/)*test_\w+\.py|attacks/[\w/.]*)(?:::(\w+))?`")


def test_every_promise_names_a_test() -> None:
    promised = SECURITY.split("## What is promised")[1].split("## What is not promised")[0]
    rows = [row for row in promised.splitlines() if row.startswith("| ") and not row.startswith(("| promise", "|---"))]
    assert len(rows) > 25
    assert [row for row in rows if not NAMED.search(row.rpartition("|")[0].rpartition("|")[2])] == []


@pytest.mark.parametrize(("path", "function"), sorted(set(NAMED.findall(SECURITY))))
def test_every_named_test_exists(path: str, function: str) -> None:
    place = ROOT / "tests" / path
    assert place.exists()
    assert any(place.iterdir()) if place.is_dir() else True
    assert not function or function in names_in(place)


PAGES = [path for folder in (".", "docs") for path in sorted((ROOT / folder).glob("*.md"))]


def test_the_kit_is_installed_from_a_clone_only() -> None:
    """It is on no package index, so no page or message may say so."""
    files = [*PAGES, *(ROOT / "autograder").rglob("*.py")]
    assert not [str(path) for path in files if re.search(r"pip install \S*conv2d-by-hand", path.read_text("utf-8"))]


TIMED = re.compile(r"^.*\d[\d,]*\d? submissions?\b.*\d s\b.*$|^.*notebooks take.*minutes.*$", re.MULTILINE)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_grading_takes_is_told_with_the_class_that_it_took(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for paragraph in re.split(r"\n(?=- )|\n\n", text):
        if re.search(r"notebooks take[^.]*minutes", paragraph.replace("\n", " ")):
            assert "right answers" in paragraph, paragraph
    if TIMED.search(text):
        assert "right answers" in text


def test_what_a_course_makes_while_it_runs_is_not_committed() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    made = {"submitted", "autograded", "downloaded", "feedback", "overview", "results", "solved"}
    assert made <= {line.strip("/") for line in ignored}
    assert made >= LEARNERS_FOLDERS


def test_the_changelog_begins_with_the_version_that_runs() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+)", changelog, re.MULTILINE)
    assert next(each for each in versions if each != "Unreleased") == __version__
    for path in PAGES:
        assert set(re.findall(r"conv2d-by-hand:([\d.]+\d)", path.read_text(encoding="utf-8"))) <= {__version__}, path


def test_the_ten_files_to_read_first_exist() -> None:
    listed = ARCHITECTURE.split("## Ten files to read first")[1].split("## Glossary")[0]
    files = re.findall(r"^\d+\. `(\S+)`: ", listed, re.MULTILINE)
    assert len(files) == 10
    assert [name for name in files if not (ROOT / name).is_file()] == []


def test_each_word_of_the_glossary_is_in_order_and_in_use() -> None:
    rows = re.findall(r"^\| ([a-z, ]+) \| \S", ARCHITECTURE.split("## Glossary")[1], re.MULTILINE)
    words = [row.partition(",")[0] for row in rows if row != "word"]
    assert len(words) > 30 and words == sorted(words)
    kit = [*PAGES, *(ROOT / "autograder").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    said = "\n".join(path.read_text(encoding="utf-8") for path in kit if path.name != "architecture.md").lower()
    assert [word for word in words if not re.search(rf"\b{word}", said)] == []


def test_pre_commit_checks_what_make_lint_checks() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlint:")[2].partition("\n\n")[0]
    linted = [line.split()[:2] for line in recipe.replace("@$(BIN)/", "").splitlines()[1:]]
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"][0]["hooks"]
    assert [hook["entry"].removeprefix(".venv/bin/").split()[:2] for hook in hooks] == linted
    assert all(hook["language"] == "system" for hook in hooks), "nothing is fetched"


def test_the_gallery_shows_a_mistake_of_each_step_and_a_picture_of_each() -> None:
    docs = ROOT / "docs"
    mistakes = yaml.safe_load((docs / "gallery" / "mistakes.yml").read_text(encoding="utf-8"))
    page = (docs / "mistakes.md").read_text(encoding="utf-8")
    assert len(mistakes) == 20
    assert {each["step"] for each in mistakes} == {path.parent.name for path in ROOT.glob("solutions/*/*.ipynb")}
    for each in mistakes:
        assert set(each["lines"]) <= set(page.splitlines())
        assert f"(mistakes/{each['id']}.png)" in page
    sizes = {path.stem: path.stat().st_size for path in (docs / "mistakes").iterdir()}
    assert sizes.keys() == {each["id"] for each in mistakes}
    assert max(sizes.values()) < 40_000 and sum(sizes.values()) < 700_000
