"""One reader for every CSV file: what was read can be written again, byte for byte, and what is broken has a line."""

import os
from pathlib import Path

import pytest

from autograder.campus.class_table import read_table
from autograder.campus.csv_file import read_csv
from autograder.campus.outlets.csv_to_fill import read_sheet
from autograder.errors import Problem

TEXT = "id;Name;Points\r\nzoe;Müller, Zoë;1,5\r\n"
UTF_16_BE = b"\xfe\xff" + TEXT.encode("utf-16-be")


def file_of(folder: Path, content: bytes) -> Path:
    path = folder / "list.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.replace("\r\n", "\n").encode(),
        TEXT.replace(";", "\t").encode("utf-8-sig"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16"),
        UTF_16_BE,
        TEXT.encode("cp1252"),
        TEXT.encode("cp1252").replace(b"M", b"\x81"),
        f"sep=;\r\n{TEXT}".encode(),
    ],
)
def test_what_is_read_is_written_byte_for_byte(tmp_path: Path, content: bytes) -> None:
    sheet = read_sheet(file_of(tmp_path, content))
    assert sheet.heads == ("id", "Name", "Points") and sheet.rows[1][2] == "1,5"
    assert sheet.written(sheet.rows) == content


def test_both_readers_find_the_headings_below_empty_lines(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"\r\n;;\r\n" + TEXT.encode())
    assert read_sheet(path).heads == read_table(path).heads == ("id", "Name", "Points")


def test_rows_have_the_line_on_which_they_begin(tmp_path: Path) -> None:
    path = file_of(tmp_path, b'sep=,\nid,name\n\na,"A\nB"\n,\nb,C,\n')
    assert read_csv(path, "").heading.number == 2
    rows = [(row.number, row.cells) for row in read_csv(path, "").rows]
    assert rows == [(4, ("a", "A\nB")), (6, ("", "")), (7, ("b", "C"))]
    assert [row.line for row in read_table(path).rows] == [4, 7]


BROKEN = {
    "a quote that never ends": (b'id,name\na,b\nc,"d', "list.csv:3: is not a CSV file"),
    "more cells than headings": (b"id,name\na,b,c\n", "list.csv:2: has 3 columns, but the headings are 2"),
    "nothing": (b"\r\n \r\n", "list.csv: is empty"),
    "half a character": (b"\xff\xfeabc", "list.csv: is not text in"),
    "zeros": (b"id,name\n" + b"x" * 300 + b"\0", "list.csv: is not text in"),
    "a huge cell": (b"id,name\na," + b"x" * 200_000, "list.csv:2: is not a CSV file"),
    "a huge heading": (b"x" * 200_000, "list.csv:1: is not a CSV file"),
}


@pytest.mark.parametrize("reader", [read_sheet, read_table])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_in_the_same_words_by_both_readers(tmp_path: Path, name: str, reader) -> None:
    content, said = BROKEN[name]
    with pytest.raises(Problem, match=said):
        reader(file_of(tmp_path, content))


@pytest.mark.parametrize("reader", [read_sheet, read_table])
def test_what_is_no_file_is_refused_without_a_word_about_notebooks(tmp_path: Path, reader) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, said in ((tmp_path, "is a folder"), (tmp_path / "pipe", "a pipe"), (tmp_path / "none", "cannot be read")):
        with pytest.raises(Problem, match=said) as raised:
            reader(path)
        assert "otebook" not in str(raised.value)


def test_names_in_an_unknown_encoding_are_not_guessed(tmp_path: Path) -> None:
    path = file_of(tmp_path, b"id,name\na,\x81x\n")
    assert read_sheet(path).rows[1] == ("a", "\x81x")
    with pytest.raises(Problem, match="is not text in"):
        read_table(path)
