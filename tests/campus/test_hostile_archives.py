"""Archives that lie, explode or lead elsewhere are refused or listed. Nothing is written outside of submitted/<id>/."""

import io
import random
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.campus import zip_reader as reading
from autograder.course import Course
from autograder.errors import Problem
from autograder.notebooks import budget
from tests.campus import archives
from tests.campus.archives import entry, notebook, packed, tree

Cli = Callable[..., object]
GOOD = ("good.ipynb", notebook("good"))


@pytest.fixture
def a_class(tmp_path: Path) -> Course:
    return archives.make_course(tmp_path / "course")


def bring(run: Cli, of: Course, archive: Path, *options: str):
    return run("import", archive, "--assignment", "conv2d", "--course", of.root, *options)


def holds_good_alone(of: Course) -> None:
    """Check that the good hand-in is there, and nothing else, here or beside the course."""
    files = {str(path.relative_to(of.root)) for path in (of.root / "submitted").rglob("*")}
    assert files <= {
        "submitted/good",
        "submitted/good/conv2d",
        "submitted/good/conv2d/conv2d.ipynb",
        "submitted/good/conv2d/timestamp.txt",
    }
    assert "submitted/good/conv2d/conv2d.ipynb" in files
    assert {path.name for path in of.root.parent.iterdir()} <= {"course", "a.zip", "out"}


def of_mode(name: str, mode: int) -> zipfile.ZipInfo:
    made = entry(name)
    made.create_system, made.external_attr = 3, mode << 16
    return made


def raw_name(name: bytes, *, utf_8: bool) -> Callable[[Path], Path]:
    """Return a maker of an archive in which a name has these bytes, which zipfile would not write."""

    def make(path: Path) -> Path:
        stand_in = "é" * (len(name) // 2) + "x" * (len(name) % 2) if utf_8 else "x" * len(name)
        packed(path, [GOOD, (stand_in, notebook("bad"))])
        data = path.read_bytes()
        assert data.count(stand_in.encode()) == 2
        path.write_bytes(data.replace(stand_in.encode(), name))
        return path

    return make


def files(*pairs: tuple[str | zipfile.ZipInfo, bytes]) -> Callable[[Path], Path]:
    return lambda path: packed(path, [GOOD, *pairs])


def patched(name: str, data: bytes, change: Callable[[bytearray, int, int], None]) -> Callable[[Path], Path]:
    """Return a maker of an archive whose last entry is changed: at its own header, and at that of the directory."""

    def make(path: Path) -> Path:
        packed(path, [GOOD, (name, data)])
        raw = bytearray(path.read_bytes())
        change(raw, raw.rindex(b"PK\3\4"), raw.rindex(b"PK\1\2"))
        path.write_bytes(raw)
        return path

    return make


def encrypted(raw: bytearray, local: int, central: int) -> None:
    raw[local + 6] |= 1
    raw[central + 8] |= 1


def broken(raw: bytearray, local: int, central: int) -> None:
    raw[central + 16 : central + 20] = raw[local + 14 : local + 18] = b"\1\2\3\4"


def odd_method(raw: bytearray, local: int, central: int) -> None:
    raw[local + 8 : local + 10] = raw[central + 10 : central + 12] = struct.pack("<H", 99)


def says_it_is_small(raw: bytearray, local: int, central: int) -> None:
    raw[local + 22 : local + 26] = raw[central + 24 : central + 28] = struct.pack("<I", 100)


def nested(levels: int) -> bytes:
    data = b"0" * 1_000_000
    for level in range(levels):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as inner:
            inner.writestr(f"{level}.zip", data)
        data = out.getvalue()
    return data


NOISE = random.Random(1).randbytes(50_000)
# What is in an archive beside a good hand-in, and what is said of it; nothing where it is passed over.
LISTED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "upwards": (files(("../evil.ipynb", b"{}")), "../evil.ipynb: its name leads out of the archive"),
    "upwards inside": (files(("eve/../../evil.ipynb", b"{}")), "its name leads out of the archive"),
    "absolute": (files(("/tmp/evil.ipynb", b"{}")), "its name is a path from the root of a disk"),
    "drive": (files(("C:/evil.ipynb", b"{}")), "its name is a path from the root of a disk"),
    "backslash": (files(("..\\evil.ipynb", b"{}")), "its name holds a backslash"),
    "dot": (files((".ipynb", b"{}")), ""),
    "link": (files((of_mode("eve.ipynb", stat.S_IFLNK | 0o777), b"/etc/passwd")), "it is a link, a pipe or a device"),
    "device": (files((of_mode("eve.ipynb", stat.S_IFCHR | 0o666), b"")), "it is a link, a pipe or a device"),
    "pipe": (files((of_mode("eve/conv2d.ipynb", stat.S_IFIFO | 0o666), b"")), "it is a link, a pipe or a device"),
    "deep": (files(("a/" * 30 + "evil.ipynb", b"{}")), "more than 20 folders deep"),
    "long name": (files(("n" * 2000 + ".ipynb", b"{}")), "its name is longer than 1000 bytes"),
    "long id": (files(("n" * 300 + ".ipynb", b"{}")), "is longer than 200 bytes"),
    "zero": (raw_name(b"eve\0.txt.ipynb", utf_8=False), "its name holds a line break or a zero"),
    "line break": (files(("ma\nllory.ipynb", b"{}")), "its name holds a line break or a zero"),
    "escape": (files(("\x1b[2Jeve.ipynb", b"{}")), "holds characters that cannot be seen"),
    "right to left": (files(("\u202egood.ipynb", b"{}")), "holds characters that cannot be seen"),
    "hidden id": (files((" good /conv2d.ipynb", b"{}")), "holds characters that cannot be seen"),
    "case": (files(("eve.ipynb", b"{}"), ("EVE.ipynb", b"{}")), "ids that differ by case only: EVE, eve"),
    "several": (files(("eve/a.ipynb", b"{}"), ("eve/b.ipynb", b"{}")), "it holds 2 notebooks, and which one"),
    "nested": (files(("eve.zip", nested(3))), "eve: it holds an archive, which is not opened, and no notebook"),
    "encrypted": (patched("eve.ipynb", b"{}", encrypted), "it is encrypted"),
    "broken": (patched("eve.ipynb", b"{}", broken), "eve: is damaged"),
    "odd method": (patched("eve.ipynb", b"{}", odd_method), "eve: is packed in a way that cannot be read here"),
    "bomb": (files(("eve.ipynb", bytes(20_000_000))), "eve: grows to more than 300 times its size"),
    "small bomb": (patched("eve.ipynb", bytes(20_000_000), says_it_is_small), "eve: is damaged"),
    "litter": (files(("__MACOSX/eve.ipynb", b"{}"), ("eve/.ipynb_checkpoints/conv2d.ipynb", b"{}")), ""),
}


@pytest.mark.parametrize("name", LISTED)
def test_what_is_hostile_is_listed_and_the_rest_is_imported(
    a_class: Course, tmp_path: Path, run_cli: Cli, name: str
) -> None:
    make, said = LISTED[name]
    done = bring(run_cli, a_class, make(tmp_path / "a.zip"), "--format", "plain")
    assert said in done.stdout, done
    assert done.exit_code == (1 if said else 0)
    assert "\x1b" not in done.stdout and "\u202e" not in done.stdout and "\0" not in done.stdout
    holds_good_alone(a_class)


def says_it_is_large(raw: bytearray, local: int, central: int) -> None:
    raw[local + 22 : local + 26] = raw[central + 24 : central + 28] = struct.pack("<I", 0xF0000000)


def test_what_an_archive_says_of_a_size_does_not_count(tmp_path: Path) -> None:
    made = patched("eve.ipynb", b"{}", says_it_is_large)(tmp_path / "a.zip")
    with reading.opened(made) as archive:
        assert archive.read(archive.entries[1]) == b"{}"


def test_two_entries_with_one_name_are_listed(a_class: Course, tmp_path: Path, run_cli: Cli) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = packed(tmp_path / "a.zip", [GOOD, ("eve.ipynb", b"1"), ("eve.ipynb", b"2")])
    done = bring(run_cli, a_class, archive)
    assert done.stdout.count("eve.ipynb: several entries have this name") == 2
    holds_good_alone(a_class)


def test_a_notebook_may_be_as_large_as_any_hand_in_and_no_larger(
    a_class: Course, tmp_path: Path, run_cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reading.MOST_BYTES == budget.MOST_BYTES
    monkeypatch.setattr(reading.Archive.read, "__defaults__", (len(NOISE) - 1,))
    done = bring(run_cli, a_class, packed(tmp_path / "a.zip", [GOOD, ("eve.ipynb", NOISE)]))
    assert "eve: is larger than 0 MB" in done.stdout
    holds_good_alone(a_class)


def test_what_is_read_in_all_is_limited_before_anything_is_written(tmp_path: Path) -> None:
    archive = packed(tmp_path / "a.zip", {f"{n}.ipynb": NOISE for n in range(5)})
    with reading.opened(archive, 3 * len(NOISE)) as opened, pytest.raises(Problem, match="when it is unpacked"):
        for one in opened.entries:
            opened.read(one)


def cut(path: Path) -> Path:
    data = packed(path, [GOOD, ("eve.ipynb", NOISE)]).read_bytes()
    path.write_bytes(data[:-100])
    return path


def written(data: bytes) -> Callable[[Path], Path]:
    def make(path: Path) -> Path:
        path.write_bytes(data)
        return path

    return make


def with_a_large_directory(path: Path) -> Path:
    """Write an archive whose directory says that it is as large as a disk."""
    raw = bytearray(packed(path, [GOOD]).read_bytes())
    end = raw.rindex(b"PK\5\6")
    raw[end + 12 : end + 16] = struct.pack("<I", 0xF0000000)
    path.write_bytes(raw + bytes(100))
    return path


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "cut": (cut, "is not a zip file, or is not complete"),
    "empty": (written(b""), "is not a zip file, or is not complete"),
    "no zip": (written(b"%PDF-1.7 " + NOISE), "is not a zip file, or is not complete"),
    "not UTF-8": (raw_name(b"eve\xff\xfe.ipynb.", utf_8=True), "holds a name that is not the UTF-8"),
    "half a pair": (raw_name(b"\xed\xa0\x80e.ipynb", utf_8=True), "holds a name that is not the UTF-8"),
    "a large directory": (with_a_large_directory, "is not a zip file, or is not complete"),
    "folder": (lambda path: path.mkdir() or path, "is not a file"),
    "missing": (lambda path: path, "cannot be read (No such file or directory)"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_archive_is_refused_in_one_line(a_class: Course, tmp_path: Path, run_cli: Cli, name: str) -> None:
    make, said = REFUSED[name]
    before = tree(a_class.root)
    done = bring(run_cli, a_class, make(tmp_path / "a.zip"), "--dry-run")
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert tree(a_class.root) == before


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = packed(tmp_path / "a.zip", {f"{n}.ipynb": b"" for n in range(20)})
    monkeypatch.setattr(reading, "MOST_ENTRIES", 19)
    with pytest.raises(Problem, match="holds more than 19 files"), reading.opened(archive):
        pass
    monkeypatch.setattr(reading, "MOST_ENTRIES", 20)
    monkeypatch.setattr(reading, "MOST_DIRECTORY", 500)
    with pytest.raises(Problem, match="its directory has more than"), reading.opened(archive):
        pass


@pytest.mark.parametrize(
    ("raw", "utf_8", "name"),
    [
        ("zoë.ipynb".encode(), False, "zoë.ipynb"),
        ("zoë.ipynb".encode("cp437"), False, "zoë.ipynb"),
        ("zoé.ipynb".encode(), True, "zoé.ipynb"),
    ],
    ids=["UTF-8 without a flag", "cp437", "UTF-8"],
)
def test_names_are_read_in_the_encoding_that_they_are_in(tmp_path: Path, raw: bytes, utf_8: bool, name: str) -> None:
    with reading.opened(raw_name(raw, utf_8=utf_8)(tmp_path / "a.zip")) as archive:
        assert [one.name for one in archive.entries] == ["good.ipynb", name]


def test_links_in_submitted_are_not_followed(a_class: Course, tmp_path: Path, run_cli: Cli) -> None:
    out = tmp_path / "out"
    (out / "conv2d").mkdir(parents=True)
    (a_class.root / "submitted").mkdir()
    (a_class.root / "submitted" / "eve").symlink_to(out)
    archive = packed(tmp_path / "a.zip", [GOOD, ("eve.ipynb", notebook("eve"))])
    done = bring(run_cli, a_class, archive, "--replace")
    assert "the folder of eve in submitted/ is a link, or cannot be read" in done.stdout
    assert list(out.rglob("*")) == [out / "conv2d"]
