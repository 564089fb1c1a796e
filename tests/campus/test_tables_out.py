"""CSV, Gradescope's layout, JSON and JUnit: programs read them back, whatever learners call themselves."""

import csv
import io
import json
from xml.etree import ElementTree

import junitparser
import pytest

from autograder.campus.outlets import gradescope, json_document, junit, table
from autograder.sanitize import FORMULA
from tests.campus import made_up

FINAL = made_up.class_of_30()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize("make", [table.make, gradescope.make])
def test_no_cell_is_a_formula(make) -> None:
    content = make(FINAL).content.decode()
    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(FORMULA)]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells) and "García Ñíguez" in cells


def test_csv_has_a_row_for_everybody_and_no_0_for_the_absent() -> None:
    rows = {(row["student"], row["assignment"]): row for row in rows_of(table.make(FINAL).content)}
    assert len(rows) == 90
    absent, ungraded = rows[made_up.ABSENT, "conv2d"], rows[made_up.UNGRADED, "conv2d"]
    assert (absent["score"], absent["max_score"], absent["status"]) == ("", "10", "nothing handed in")
    assert (ungraded["score"], ungraded["status"]) == ("", "handed in, but not graded yet")
    late = rows[made_up.LATE, "conv2d"]
    assert (late["score"], late["late_penalty"], late["late"]) == ("4.75", "1.5", "yes")
    assert late["handed_in"] == "2027-01-17 01:59:05 UTC"
    assert rows[made_up.UNDECIDED, "conv2d"]["status"] == "needs manual grading"
    assert (rows["id00", "gradient"]["score"], rows["id00", "gradient"]["max_score"]) == ("10", "0")
    assert rows["id06", "conv2d"]["last_name"] == "Line\nBreak"


def test_csv_with_checks_has_a_column_for_each() -> None:
    rows = {(row["student"], row["assignment"]): row for row in rows_of(table.make(FINAL, checks=True).content)}
    row = rows["id01", "flatten"]
    assert (row["flatten: slides"], row["flatten: stride"], row["conv2d: slides"]) == ("4", "1.25", "")
    assert rows[made_up.UNDECIDED, "conv2d"]["conv2d: stride"] == ""


def test_gradescopes_columns_have_the_titles_of_course_yml() -> None:
    titled = made_up.class_of_30(made_up.with_title("conv2d", "1: Loops"))
    heads = gradescope.make(titled).content.decode("utf-8-sig").splitlines()[0]
    assert "1: Loops - Max Points" in heads and "flatten - Max Points" in heads and "conv2d" not in heads


def test_gradescopes_layout_has_four_columns_for_each_assignment() -> None:
    content = gradescope.make(FINAL).content
    heads = content.decode().partition("\n")[0].replace('"', "").split(",")
    assert heads[:9] == [
        *("First Name", "Last Name", "SID", "Email", "Sections"),
        *("conv2d", "conv2d - Max Points", "conv2d - Submission Time", "conv2d - Lateness (H:M:S)"),
    ]
    assert len(heads) == 5 + 3 * 4 + 1 and heads[-1] == "Total Lateness (H:M:S)"
    rows = {row["SID"]: row for row in rows_of(content)}
    assert rows[made_up.ABSENT]["conv2d"] == "" and rows[made_up.ABSENT]["conv2d - Max Points"] == "10"
    assert rows[made_up.LATE]["conv2d - Lateness (H:M:S)"] == "26:00:05"
    assert rows[made_up.LATE]["Total Lateness (H:M:S)"] == "78:00:15"
    assert rows["id00"]["conv2d - Submission Time"] == "2027-01-14 23:59:00 +0000"


def test_json_has_everything_and_null_for_the_absent() -> None:
    document = json.loads(json_document.make(FINAL).content)
    assert document["schema"] == "autograder/scores/v1"
    assert document["assignments"][2] == {"id": "gradient", "max_score": 0.0, "bonus": True}
    students = {student["id"]: student for student in document["students"]}
    assert len(students) == 30
    assert students[made_up.ABSENT]["scores"][0] == {
        "assignment": "conv2d",
        "status": "nothing handed in",
        "score": None,
    }
    late = students[made_up.LATE]["scores"][0]
    assert (late["score"], late["late_penalty"], late["late"]) == (4.75, 1.5, True)
    assert late["checks"][1]["outcome"] == "failed" and late["checks"][1]["score"] == 2.25


def test_junit_can_be_read_back(tmp_path) -> None:
    path = tmp_path / "grades.xml"
    path.write_bytes(junit.make(FINAL).content)
    suites = list(junitparser.JUnitXml.fromfile(str(path)))
    assert len(suites) == len(FINAL.scores)
    by_name = {suite.name: suite for suite in suites}
    late = by_name[f"conv2d: {made_up.LATE}"]
    assert {one.name: one.value for one in late.properties()} == {
        "student": made_up.LATE,
        "assignment": "conv2d",
        "status": "graded",
        "score": "4.75",
        "max_score": "10",
        "late_penalty": "1.5",
    }
    passed, failed = late
    assert passed.is_passed and not failed.is_passed
    assert (failed.name, failed.classname) == ("moves by the stride", "conv2d.stride")
    assert failed.result[0].message == "Expected 14 at [0, 1], got <16> & more."
    assert {one.name: one.value for one in failed.child(junitparser.Properties)} == {"score": "2.25", "max_score": "6"}
    (_, undecided) = by_name[f"conv2d: {made_up.UNDECIDED}"]
    assert isinstance(undecided.result[0], junitparser.Error)


# What the common schema of JUnit's XML allows in an element, in this order, and which attributes it needs.
SCHEMA = {
    "testsuites": (("testsuite",), {"tests", "failures", "errors"}),
    "testsuite": (("properties", "testcase"), {"name", "tests", "failures", "errors", "skipped", "time"}),
    "properties": (("property",), set()),
    "property": ((), {"name", "value"}),
    "testcase": (("properties", "skipped", "error", "failure"), {"name", "classname", "time"}),
    "failure": ((), {"message", "type"}),
    "error": ((), {"message", "type"}),
    "skipped": ((), {"message"}),
}


def test_junit_keeps_to_the_common_schema_and_counts_right() -> None:
    root = ElementTree.fromstring(junit.make(FINAL).content)
    assert root.tag == "testsuites"
    for element in root.iter():
        children, attributes = SCHEMA[element.tag]
        assert attributes <= element.attrib.keys(), element.attrib
        assert [child.tag for child in element] == sorted((child.tag for child in element), key=children.index)
    for element in (root, *root.iter("testsuite")):
        for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(element.get(attribute)) == len(list(element.iter(tag)))
