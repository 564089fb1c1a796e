"""The table of the gate as a page of the docs: what is found is put between two marks, and the words around it stay."""

from collections.abc import Mapping
from pathlib import Path

from autograder.misconceptions.bank import misconceptions, styles
from autograder.problems import Problem
from autograder.prove import Found
from autograder.suite import load_suite

BEGIN, END = "<!-- begin: autograder verify --markdown -->", "<!-- end -->"


def write(page: Path, found: Mapping[str, Found], first_seed: int) -> None:
    """Put the tables into the page, in the place of older ones. Raises Problem where the page has no marks."""
    text = page.read_text(encoding="utf-8") if page.is_file() else f"{BEGIN}\n{END}\n"
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise Problem(page, f"has no place for the tables between {BEGIN} and {END}", "Put these two lines into it.")
    page.write_text(f"{before}{BEGIN}\n\n{tables(found, first_seed)}\n{END}{after}", encoding="utf-8")


def tables(found: Mapping[str, Found], first_seed: int) -> str:
    """A table a step, and a sentence on all of them."""
    seeds = {one.seeds for one in found.values()}
    wrong, right = (sum(len(known(step)) for step in found) for known in (misconceptions, styles))
    holds = all(one.holds for one in found.values())
    last = f"to {first_seed + max(seeds) - 1:,}".replace(",", "") if seeds else ""
    held = "every wrong one lost points on its own check under each, and no right one did."
    head = (
        f"{wrong} wrong answers and {right} right ones under {max(seeds, default=0):,} seeds, {first_seed} {last}: "
        f"{held if holds else '**it does not hold.**'}"
    )
    return "\n".join([head, *(part for step, one in found.items() for part in _step(step, one))])


def _step(step: str, one: Found) -> list[str]:
    checks = load_suite(step).checks
    caught = {check.id: one.killed_by(check.id) for check in checks}
    always = {name for names in caught.values() for name in names}
    lines = ["", f"### {step}", "", "| check | catches | wrong answers |", "|---|---|---|"]
    for check in checks:
        lines.append(f"| {check.title} | {len(caught[check.id])} | {', '.join(caught[check.id]) or 'none'} |")
    known = misconceptions(step)
    library = [each.id for each in known if each.library]
    moving = [each.id for each in known if not each.library and each.id not in always]
    lines += ["", f"Tried in the sandbox only: {', '.join(library)}."] if library else []
    lines += ["", f"Caught by one check or another, as the seed has it: {', '.join(moving)}."] if moving else []
    if idle := one.dead_weight():
        titles = {check.id: check.title for check in checks}
        lines += ["", f"Catches nothing alone: {', '.join(titles[name] for name in idle)}."]
    lines += [f"\n**{name} keeps its points under seed {seed}.**" for name, seed in one.survived[:9]]
    lines += [
        f"\n**The right answer {name} fails {check} under seed {seed}.**" for name, check, seed in one.refused[:9]
    ]
    return lines
