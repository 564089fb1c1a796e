"""Write the proof of answers into a page of the docs, between two marks. The text around them stays."""

import re
from collections.abc import Mapping
from pathlib import Path

from autograder.authoring.answers_proof import AnswersProof
from autograder.errors import Problem
from autograder.suite.known_answers import right_answers, wrong_answers
from autograder.suite.load import load_suite

SECTION = re.compile(r"^(?=### (\w+)\n)((?:### .*\n)(?:(?!### ).*\n)*)", re.MULTILINE)
BEGIN, END = "<!-- begin: autograder verify --markdown -->", "<!-- end -->"


def write(page: Path, proofs: Mapping[str, AnswersProof], first_seed: int) -> None:
    """Replace the tables of these steps in the page. Tables of other steps stay.

    Raises Problem if the page has no marks.
    """
    text = page.read_text(encoding="utf-8") if page.is_file() else f"{BEGIN}\n{END}\n"
    before, begin, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    if not begin or not end:
        raise Problem(page, f"has no place for the tables between {BEGIN} and {END}", "Put these two lines into it.")
    sections = {step: part.rstrip() for step, part in SECTION.findall(old)}
    sections |= {step: section(step, proof, first_seed) for step, proof in proofs.items()}
    page.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(sections.values()) + f"\n{END}{after}", encoding="utf-8")


def section(step: str, proof: AnswersProof, first_seed: int) -> str:
    """Return a step's heading, a sentence on what was tried, and its table."""
    held = "every wrong one lost points on its own check under each, and no right one did."
    wrong, right = len(wrong_answers(step)), len(right_answers(step)) + 1
    tried = f"{wrong} wrong answers and {right} right ones under {proof.seeds:,} seeds"
    last = first_seed + proof.seeds - 1
    head = f"{tried}, {first_seed} to {last}: {held if proof.holds else '**it does not hold.**'}"
    return "\n".join([f"### {step}", "", head, *_table(step, proof)])


def _table(step: str, proof: AnswersProof) -> list[str]:
    checks = load_suite(step).checks
    caught = {check.id: proof.caught_by(check.id) for check in checks}
    always = {name for names in caught.values() for name in names}
    lines = ["", "| check | catches | wrong answers |", "|---|---|---|"]
    for check in checks:
        lines.append(f"| {check.title} | {len(caught[check.id])} | {', '.join(caught[check.id]) or 'none'} |")
    known = wrong_answers(step)
    library = [each.id for each in known if each.library]
    moving = [each.id for each in known if not each.library and each.id not in always]
    lines += ["", f"Tried in the sandbox only: {', '.join(library)}."] if library else []
    lines += ["", f"Caught by one check or another, as the seed has it: {', '.join(moving)}."] if moving else []
    if redundant := proof.redundant_checks():
        titles = {check.id: check.title for check in checks}
        lines += ["", f"Catches nothing alone: {', '.join(titles[name] for name in redundant)}."]
    lines += [f"\n**{name} keeps its points under seed {seed}.**" for name, seed in proof.survived[:9]]
    lines += [
        f"\n**The right answer {name} fails {check} under seed {seed}.**" for name, check, seed in proof.refused[:9]
    ]
    return lines
