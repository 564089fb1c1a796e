"""What Canvas does with a gradebook file: the rules of its exporter and of its importer, as far as they decide a grade.

The rules are those of gradebook_exporter.rb and gradebook_importer.rb in Canvas:

- The first heading contains "Student", the second "ID". "SIS Login ID", or "SIS User ID" and "SIS Login ID", may
  follow. The last heading about the student contains "Section".
- A heading "Title (7)" is assignment 7; else a heading that is a title is that assignment; else a new one is made. A
  heading with the words of a total ("Current Score", …) is no assignment.
- A row whose first cell contains "Points Possible" sets the assignments' points; a row of nothing but "Muted" or
  "Manual Posting" is skipped.
- A student is found by ID, then SIS User ID, then SIS Login ID, then name; else a new one is made.
- A grade may have a decimal comma. An empty cell takes a grade away; "EX" excuses; the cell of an assignment that a
  student does not have counts as empty.
- Semicolons separate if the first three lines have a constant number of fields with them, and more than with commas.
"""

import csv
import io
import re
from dataclasses import dataclass, field

STUDENT = tuple[int, str, str, str]
TOTALS = ("Current Score", "Unposted Final Score", "Final Points")
NOT_AN_ASSIGNMENT = re.compile(
    "Current Score|Current Points|Current Grade|Final Score|Final Points|Final Grade|Override"
)


@dataclass
class Canvas:
    """A course in Canvas. A student is (ID, SIS User ID, SIS Login ID, sortable name)."""

    students: list[STUDENT]
    titles: dict[int, str]
    points: dict[int, float]
    grades: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden: set[tuple[int, int]] = field(default_factory=set)
    new_titles: list[str] = field(default_factory=list)
    new_students: list[str] = field(default_factory=list)

    def exported(self, *, separator: str = ",", sis: bool = True, mark: bool = False) -> bytes:
        """Return the file that Canvas makes."""
        decimal = "," if separator == ";" else "."
        ids = ["ID", *(["SIS User ID"] if sis else []), "SIS Login ID"]
        heads = [
            "Student",
            *ids,
            "Section",
            "Notes",
            *(f"{title} ({key})" for key, title in self.titles.items()),
            *TOTALS,
        ]
        blank = [""] * (len(ids) + 2)
        possible = [f"{self.points[key]:.2f}".replace(".", decimal) for key in self.titles]
        rows = [
            heads,
            ["", *blank, *("Manual Posting" for _ in self.titles), *("" for _ in TOTALS)],
            ["    Points Possible", *blank, *possible, *("(read only)" for _ in TOTALS)],
        ]
        for number, user, login, name in [*self.students, (999, "", "test", "Student, Test")]:
            shown = f'="{name}"' if name.lstrip().startswith("=") else name
            cells = [
                "N/A" if (number, key) in self.hidden else self.grades.get((number, key), "") for key in self.titles
            ]
            rows.append(
                [shown, str(number), *([user] if sis else []), login, "Sec 1", "a note", *cells, "50", "50", "5"]
            )
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
        return text.getvalue().encode("utf-8-sig" if mark else "utf-8")

    def take(self, content: bytes) -> None:
        """Import a file."""
        text = content.decode("utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text)) if any(row)]
        heads, last = rows[0], self._last(rows[0])
        columns = {
            index: self._assignment(head)
            for index, head in enumerate(heads)
            if index > last and not NOT_AN_ASSIGNMENT.search(head)
        }
        for row in rows[1:]:
            if "Points Possible" in row[0]:
                self.points |= {key: float(_decimal(row[index])) for index, key in columns.items() if row[index]}
            elif not all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
                student = self._student(heads, row)
                for index, key in columns.items():
                    grade = "" if (student, key) in self.hidden else _decimal(row[index].strip())
                    self.grades[student, key] = grade

    def _last(self, heads: list[str]) -> int:
        assert len(heads) > 3 and "Student" in heads[0] and "ID" in heads[1]
        last = 2
        if "SIS Login ID" in heads[2]:
            last = 3
        elif "SIS User ID" in heads[2] and "SIS Login ID" in heads[3]:
            last = 4
        assert "Section" in heads[last]
        return last

    def _assignment(self, head: str) -> int:
        found = re.fullmatch(r"(.*)\s\((\d+)\)", head)
        if found and int(found[2]) in self.titles:
            return int(found[2])
        for key, title in self.titles.items():
            if title == head:
                return key
        self.new_titles.append(found[1] if found else head)
        return -len(self.new_titles)

    def _student(self, heads: list[str], row: list[str]) -> int:
        by = dict(zip(heads, row, strict=True))
        for place, head in ((0, "ID"), (1, "SIS User ID"), (2, "SIS Login ID")):
            for student in self.students:
                if by.get(head) and str(student[place]) == by[head]:
                    return student[0]
        for student in self.students:
            if student[3] == row[0]:
                return student[0]
        self.new_students.append(row[0])
        return -len(self.new_students)


def _separator(text: str) -> str:
    lines = text.splitlines(keepends=True)[:3]
    counts = {}
    for separator in ";,":
        try:
            fields = {len(next(csv.reader([line], delimiter=separator, strict=True), [])) for line in lines}
        except csv.Error:
            fields = set()
        counts[separator] = fields.pop() if len(fields) == 1 else 0
    return ";" if counts[";"] > counts[","] else ","


def _decimal(cell: str) -> str:
    """Return a number with a point: the last of its commas and points is the decimal mark."""
    if not re.fullmatch(r"-?[0-9.,]+%?", cell):
        return cell
    *parts, last = re.split("[,.]", cell)
    return f"{''.join(parts)}.{last}" if parts else last


def accepts_page(name: str) -> tuple[int, int] | None:
    """Return the student and the file that Canvas reads from the name of a file given back, or None if it ignores it.

    The rule of Assignment#infer_comment_context_from_filename: the first two parts between underscores that are
    numbers.
    """
    parts = name.rpartition("/")[2].split("_")
    numbers = [int(part) for part in parts if re.fullmatch(r"\d+", part)]
    ignored = parts[-1].startswith("link") or name.startswith("._")
    return (numbers[0], numbers[1]) if len(numbers) > 1 and not ignored else None
