"""Hand-ins that are alike in a rare way: planted copies are found, independent answers are not, nobody is accused."""

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from autograder import course
from autograder.course import Course
from autograder.notebooks.master import functions_to_write
from autograder.notebooks.read import Cell, Submission
from autograder.overview import alike, alike_words, class_data, own_code, summary
from autograder.overview.alike import Alike, Finding, Kind
from autograder.overview.usual import Usual
from autograder.report.report import Report
from autograder.suite.known_answers import KnownAnswer, right_answers
from tests.overview import made_up
from tests.overview.made_up import grade, hand_in, report

ROOT = Path(__file__).resolve().parents[2]
NAME = "matrix_multiplication_for_conv2d"
STRANGERS = ROOT / "tests" / "strangers" / "__main__.py"
STEPS = tuple(each.id for each in course.load(ROOT).assignments)

PLANTED = '''
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    """Convolve."""
    meadow = torch.zeros(input.shape[0] + 2 * padding, input.shape[1] + 2 * padding)
    meadow[padding : padding + input.shape[0], padding : padding + input.shape[1]] = input
    pebbles = []
    for upper in range(0, meadow.shape[0] - kernel.shape[0] + 1, stride):  # from above
        ribbon = meadow[upper : upper + kernel.shape[0]]
        for leftmost in range(0, meadow.shape[1] - kernel.shape[1] + 1, stride):
            pebbles.append((ribbon[:, leftmost : leftmost + kernel.shape[1]] * kernel).sum())
    broad = (meadow.shape[1] - kernel.shape[1]) // stride + 1
    return torch.stack(pebbles).reshape(-1, broad) + bias
'''
CHOSEN = {"meadow": "paper", "pebbles": "mosaic", "upper": "from_top", "ribbon": "hose", "leftmost": "from_left",
          "broad": "how_wide", '"""Convolve."""': "# my own", "  # from above": "\n"}  # fmt: skip
# The same names in other code.
NAMESAKE = """
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    meadow = F.pad(input, [padding] * 4)
    ribbon = meadow.unfold(0, kernel.shape[0], stride)
    pebbles = ribbon.unfold(1, kernel.shape[1], stride)
    return (pebbles * kernel).sum((2, 3)) + bias
"""
FILLED = """
def matrix_multiplication_for_conv2d(input, kernel, bias=0, stride=1, padding=0):
    image = F.pad(input, (padding, padding, padding, padding))
    output = torch.zeros((image.shape[0] - len(kernel)) // stride + 1, (image.shape[1] - len(kernel[0])) // stride + 1)
    for row in range(len(output)):
        for column in range(len(output[0])):
            window = image[row * stride : row * stride + 3, column * stride : column * stride + 3]
            output[row, column] = (window * kernel).sum()
    return output + bias
"""


def renamed(source: str = PLANTED) -> str:
    for old, new in CHOSEN.items():
        source = source.replace(old, new)
    return source


def notebook(answer: str) -> str:
    """Return the stub with this answer in place of its own."""
    stub = json.loads((ROOT / "assignments" / "conv2d" / "conv2d.ipynb").read_text(encoding="utf-8"))
    for cell in stub["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answer
    return json.dumps(stub)


def fillers(count: int = 12) -> dict[str, str]:
    """Return answers that have nothing in common but what the course gives."""
    head = f"def {NAME}(input, kernel, bias=0, stride=1, padding=0):\n"
    return {f"other{n:02}": head + f"    input = input + {n}\n" * (n + 15) for n in range(count)}


@pytest.fixture
def of(tmp_path) -> Course:
    made = made_up.make_course(tmp_path / "course")
    for folder in ("assignments", "solutions"):
        shutil.copytree(ROOT / folder / "conv2d", made.root / folder / "conv2d", dirs_exist_ok=True)
    return made


def hand_in_all(of: Course, answers: dict[str, str], reports: dict[str, Report] | None = None) -> None:
    for student, answer in answers.items():
        hand_in(of, student, text=notebook(answer))
        graded(of, student, (reports or {}).get(student) or report(of, "ppppppp"))


def graded(of: Course, student: str, result: Report) -> None:
    """Save a report on what lies in submitted/ already."""
    path = of.root / "submitted" / student / "conv2d" / "conv2d.ipynb"
    text = path.read_text(encoding="utf-8")
    grade(of, student, result)
    path.write_text(text, encoding="utf-8")
    folder = class_data.SubmissionFolder(student, "conv2d", path.parent)
    made_up.results.remember(of, folder, result, made_up.keys(of).of(folder))


def found(of: Course) -> Alike:
    return alike.alike(class_data.load(of, ["conv2d"]))


def findings(of: Course) -> list[Finding]:
    return [finding for group in found(of).groups for finding in group.findings]


def test_a_renamed_copy_is_found_and_other_answers_are_not(of):
    hand_in_all(of, {**fillers(), "ada": PLANTED, "ben": renamed()})
    assert findings(of) == [Finding("conv2d", Kind.CODE, ("ada", "ben"), 14, (NAME,), spelled_alike=False)]


def test_names_that_agree_too_are_said(of):
    hand_in_all(of, {**fillers(), "ada": PLANTED, "ben": PLANTED.replace("# from above", "\n"), "cleo": FILLED})
    assert findings(of) == [Finding("conv2d", Kind.CODE, ("ada", "ben"), 15, (NAME,), spelled_alike=True)]


def test_unusual_names_in_different_code_are_found(of):
    hand_in_all(of, {**fillers(), "ada": PLANTED, "ben": NAMESAKE})
    assert findings(of) == [Finding("conv2d", Kind.NAMES, ("ada", "ben"), 14, ("meadow", "pebbles", "ribbon"))]


def test_two_shared_names_are_too_few(of):
    hand_in_all(of, {**fillers(), "ada": PLANTED, "ben": NAMESAKE.replace("ribbon", "image")})
    assert findings(of) == []


def test_what_a_hint_or_the_bank_holds_is_usual(of):
    known = right_answers("conv2d")[0].source
    hand_in_all(of, {**fillers(), "ada": FILLED, "ben": FILLED, "cleo": known, "dan": known})
    assert findings(of) == []


def test_what_many_share_is_common(of):
    assert [alike.few(answers) for answers in (10, 99, 100, 150, 3000)] == [2, 2, 3, 4, 5]
    hand_in_all(of, {**fillers(), "ada": PLANTED, "ben": PLANTED, "cleo": PLANTED})
    assert findings(of) == []


def test_short_code_is_no_evidence(of):
    short = f"def {NAME}(input, kernel, bias=0, stride=1, padding=0):\n    return slid(input @ kernel * 7) + bias"
    hand_in_all(of, {**fillers(), "ada": short, "ben": short})
    assert findings(of) == []


def test_few_answers_say_nothing(of):
    hand_in_all(of, {"ada": PLANTED, "ben": PLANTED})
    assert found(of) == Alike((), {"conv2d": 2}, ("conv2d",))
    assert alike_words.limits(found(of)) == [
        "Too few to call anything rare, that is, fewer than 10 answers to compare: conv2d."
    ]


def test_answers_without_a_report_that_is_up_to_date_are_not_read(of):
    hand_in_all(of, {**fillers(), "ada": PLANTED})
    hand_in(of, "ben", text=notebook(PLANTED))
    assert (findings(of), found(of).answers) == ([], {"conv2d": 13})


def failing(of: Course, digest: str) -> Report:
    return report(of, "fssssss").model_copy(update={"wrong_results": digest})


def test_the_same_rare_wrong_results_are_found(of):
    same, other = failing(of, "1f"), failing(of, "2e")
    answers = fillers()
    hand_in_all(of, answers, {"other00": same, "other01": same, "other02": other, "other03": failing(of, "")})
    (finding,) = findings(of)
    title = same.checks[0].title
    assert finding == Finding("conv2d", Kind.RESULTS, ("other00", "other01"), 12, (title,))
    assert alike_words.sentence(finding) == (
        "conv2d: the first calls that failed returned the same, and no known mistake explains it: "
        f"“{title}” (2 of 12 answers)."
    )


def strangers(step: str) -> list[KnownAnswer]:
    spec = importlib.util.spec_from_file_location("strangers_of_alike", STRANGERS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.strangers(step)


@pytest.fixture(scope="module")
def without_banks() -> Usual:
    """What the lessons hold. The banks are left out, since the answers of these tests come from there."""
    with pytest.MonkeyPatch.context() as patch:
        for what in ("forms", "words"):
            patch.setattr(f"autograder.overview.usual._{what}_of_banks", frozenset)
        usual = Usual(course.load(ROOT))
        assert usual.forms and usual.words
        return usual


@pytest.mark.parametrize("step", STEPS)
def test_answers_written_independently_are_not_alike(step, without_banks):
    """No pair of 162 right answers in many styles, nor of 396 wrong answers that are not in the bank."""
    data = class_data.ClassData(without_banks.course, (), {}, {}, made_up.DUE)
    for known in (right_answers(step), strangers(step)):
        code = {f"{number} {each.name}": own(each, without_banks) for number, each in enumerate(known)}
        assert any(each for each in code.values())
        assert alike.same_code(data, step, code, without_banks) == []
        assert alike.same_names(data, step, code, without_banks) == []


def own(known: KnownAnswer, usual: Usual) -> own_code.OwnCode:
    cells = tuple(Cell(f"cell {number}", source) for number, source in enumerate(known.sources))
    wanted = functions_to_write(usual.course, known.step)
    return own_code.of_submission(Submission(known.step, known.name, cells), wanted, usual.sources(known.step))


def test_what_no_judge_could_read_is_not_read(of):
    hand_in_all(of, {**fillers(), "ada": PLANTED, "ben": renamed()}, {"ben": report(of, "eeeeeee")})
    assert (findings(of), found(of).answers) == ([], {"conv2d": 13})


HOSTILE = {
    "deep": "x = " + "(" * 5000 + ")" * 5000,
    "deeper": f"def {NAME}(x):\n    return " + "-" * 25_000 + "1",
    "long": f"def {NAME}(x):\n    return 1" + " + 1" * 5_000,
    "digits": f"def {NAME}(x):\n    return 0x" + "f" * 20_000,
    "halves": f"def {NAME}(x):\n    return '\ud800' + x",
    "null": f"def {NAME}(x):\n    return '\0'",
    "large": f"def {NAME}(x):\n    return 1" + " + 1" * 50_000,
    "nested": "".join(f"{' ' * n}def f{n}():\n" for n in range(90)) + " " * 90 + "pass",
    "arrows": f"def {NAME}(\x1b[31mx):\n    return \u202ex",
}


def test_hostile_notebooks_stop_nothing(of):
    hand_in_all(of, {**fillers(), **HOSTILE, "ada": PLANTED, "ben": renamed()})
    result = found(of)
    assert [group.learners for group in result.groups] == [("ada", "ben")]
    assert result.answers == {"conv2d": 14 + len(HOSTILE)}


def test_code_that_python_cannot_read_is_compared_as_text(of):
    broken = PLANTED.replace("+ bias", "+ bias)")
    spaced = broken.replace(" = ", "  =  ").replace("\n    for", "\n\n    for")
    hand_in_all(of, {**fillers(), "ada": broken, "ben": spaced, "cleo": PLANTED})
    (finding,) = findings(of)
    assert finding.learners == ("ada", "ben") and finding.kind is Kind.CODE


def test_the_untouched_stub_is_nobodys_code(of):
    stub = json.loads((ROOT / "assignments" / "conv2d" / "conv2d.ipynb").read_text(encoding="utf-8"))
    (solution,) = (cell for cell in stub["cells"] if cell["metadata"].get("nbgrader", {}).get("solution"))
    broken = "".join(solution["source"]) + "\n    return (("
    hand_in_all(of, {**fillers(), "ada": broken, "ben": broken})
    assert findings(of) == []


WORDS_OF_A_VERDICT = ("cheat", "plagiari", "copied", "copy", "guilty", "suspicious", "suspect")


def test_page_terminal_and_json_say_the_same_and_accuse_nobody(of, run_cli):
    hand_in_all(of, {**fillers(), "ada": PLANTED, "ben": renamed()})
    made_up.enter(of, ada="Ada<b>")
    done = run_cli("class", "conv2d", "--alike", "--course", of.root)
    text = (of.root / "overview" / "conv2d-alike.html").read_text(encoding="utf-8")
    section = text.partition('<h2 id="alike">')[2].partition("</section>")[0]
    sentence = f"the same code but for names, annotations, comments and layout, in {NAME} (2 of 14 answers)"
    assert sentence in section and alike_words.CAUTION in section and "ada (Ada&lt;b&gt;)" in section
    assert "14 answers in conv2d were compared. What more than 2 of them share is left out" in section
    assert done.exit_code == 0 and alike_words.TITLE in done.stdout and "(2 of 14 answers)" in done.stdout
    told = json.loads(run_cli("class", "conv2d", "--alike", "--json", "--course", of.root).stdout)["alike"]
    assert told["answers"] == {"conv2d": 14} and told["groups"][0]["learners"] == ["ada", "ben"]
    assert told["groups"][0]["findings"][0]["kind"] == "code"
    for said in (section.lower(), done.stdout.lower(), json.dumps(told).lower()):
        assert not [word for word in WORDS_OF_A_VERDICT if word in said]


def test_nothing_is_compared_unless_somebody_asks_for_it(of, run_cli, monkeypatch):
    hand_in_all(of, {**fillers(), "ada": PLANTED, "ben": renamed()})
    monkeypatch.setattr(summary, "alike", pytest.fail)
    done = run_cli("class", "conv2d", "--course", of.root)
    assert done.exit_code == 0 and alike_words.TITLE not in done.stdout
    assert 'id="alike"' not in (of.root / "overview" / "conv2d.html").read_text(encoding="utf-8")
    assert json.loads(run_cli("class", "conv2d", "--json", "--course", of.root).stdout)["alike"] is None


def test_a_page_to_project_has_no_such_section(of, run_cli):
    done = run_cli("class", "conv2d", "--alike", "--anonymous", "--course", of.root)
    assert done.exit_code == 2 and done.stderr.count("\n") == 1
    assert "not for a page that a class may see" in done.stderr and not (of.root / "overview").exists()


def test_names_that_learners_chose_are_cleaned_and_cut(of):
    finding = Finding("conv2d", Kind.NAMES, ("ada", "ben"), 20, ("a\x1b[31mb\nc", "x" * 500, *map(str, range(20))))
    said = alike_words.sentence(finding)
    assert "ab c, " in said and "x" * 41 not in said and "and 14 more (2 of 20 answers)." in said


def test_groups_that_share_more_come_first():
    code = Finding("conv2d", Kind.CODE, ("cleo", "dan"), 20, (NAME,))
    both = [Finding(step, Kind.NAMES, ("eve", "fay"), 20, ("a", "b", "c")) for step in ("conv2d", "full")]
    groups = alike._groups([code, *both])
    assert [group.learners for group in groups] == [("eve", "fay"), ("cleo", "dan")]
    assert len(groups[0].findings) == 2
