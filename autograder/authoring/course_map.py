"""What lessons and README say of the course as a whole, all of it from course.yml: facts of a step, and the map."""

import re
from pathlib import Path

from autograder.course import Assignment, Course

MAP = re.compile(r"^```text\n\w+ ─.*?^```$", re.MULTILINE | re.DOTALL)
MOST = 5


def facts(step: Assignment) -> str:
    """Return the line under a lesson's title: minutes, difficulty, importance, and the steps that it needs."""
    parts = [f"**About {step.minutes} minutes**"] if step.minutes else []
    parts += [f"difficulty {dots(step.difficulty)}"] if step.difficulty else []
    parts += [f"importance {dots(step.importance)}"] if step.importance else []
    parts += [f"needs {' and '.join(f'`{need}`' for need in step.needs)}"] if step.needs else []
    return " · ".join(parts)


def dots(count: int) -> str:
    """Return a number from 1 to 5 as filled and empty dots."""
    return "●" * count + "○" * (MOST - count)


def drawn(course: Course, mark: str = "") -> str:
    """Return the map: every step to the right of the first step that it needs; a star marks a bonus.

    `mark` stands in front of every step.
    """
    parents = {step.id: step.needs[0] if step.needs else "" for step in course.assignments}
    children = {name: [step for step in course.assignments if parents[step.id] == name] for name in ("", *parents)}

    def branch(step: Assignment) -> list[str]:
        label = f"{mark}{step.id}" + (" *" if step.bonus else "")
        blocks = [branch(child) for child in children[step.id]]
        if not blocks:
            return [label]
        lines: list[str] = []
        for number, block in enumerate(blocks):
            last = number == len(blocks) - 1
            first = "── " if len(blocks) == 1 else "─┬─ " if number == 0 else " └─ " if last else " ├─ "
            rest = "   " if len(blocks) == 1 else "    " if last else " │  "
            head = f"{label} " if number == 0 else " " * (len(label) + 1)
            lines += [head + first + block[0], *(" " * len(head) + rest + line for line in block[1:])]
        return lines

    return "\n".join(line for root in children[""] for line in branch(root))


def redraw(page: Path, course: Course) -> bool:
    """Put the map into a page in the place of the one that stands there; return whether that changed it."""
    before = page.read_text(encoding="utf-8")
    after = MAP.sub(lambda found: f"```text\n{drawn(course)}\n```", before, count=1)
    if after != before:
        page.write_text(after, encoding="utf-8")
    return after != before
