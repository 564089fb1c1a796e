"""The proof's page: it reports check by check, replaces older tables, and names only answers that exist."""

import re
from collections import Counter
from pathlib import Path

import pytest

from autograder import course
from autograder.authoring import proof_page
from autograder.authoring.answers_proof import AnswersProof
from autograder.errors import Problem
from autograder.suite.known_answers import wrong_answers

ROOT = Path(__file__).resolve().parents[2]
STEPS = ("conv2d", "flatten", "full", "kernel_matrix", "transposed", "dilation_groups", "pooling")


def proof(**more) -> AnswersProof:
    catches = Counter(
        {("slides", "kernel-flipped"): 20, ("stride", "stride-ignored"): 20, ("bias", "bias-ignored"): 19}
    )
    return AnswersProof("conv2d", seeds=1000, table_seeds=20, catches=catches, **more)


def test_each_check_has_what_it_catches_under_every_seed():
    section = proof_page.section("conv2d", proof(), 2026)
    assert "under 1,000 seeds, 2026 to 3025: every wrong one lost points on its own check" in section
    assert "| slides the kernel over the input | 1 | kernel-flipped |" in section
    assert "| adds the bias once to every output | 0 | none |" in section
    assert re.search("Caught by one check or another, as the seed has it: .*bias-ignored", section)
    assert "Tried in the sandbox only: library-convolution." in section
    assert "Catches nothing alone: keeps height and width apart, pads with zeros" in section


def test_what_does_not_hold_is_said():
    section = proof_page.section(
        "conv2d", proof(survived=[("bias-ignored", 7)], refused=[("by_slices", "stride", 9)]), 1
    )
    assert "**it does not hold.**" in section
    assert "**bias-ignored keeps its points under seed 7.**" in section
    assert "**The right answer by_slices fails stride under seed 9.**" in section


def test_only_what_stands_between_the_marks_is_replaced(tmp_path):
    page = tmp_path / "proof.md"
    page.write_text(f"# Proof\n\n{proof_page.BEGIN}\nold\n{proof_page.END}\n\nmore\n", encoding="utf-8")
    for _ in range(2):
        proof_page.write(page, {"conv2d": proof()}, 2026)
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Proof\n\n{proof_page.BEGIN}\n\n") and text.endswith(f"\n{proof_page.END}\n\nmore\n")
    assert "old" not in text and text.count("### conv2d") == 1
    proof_page.write(tmp_path / "new.md", {"conv2d": proof()}, 2026)
    assert "### conv2d" in (tmp_path / "new.md").read_text(encoding="utf-8")


def test_other_steps_tables_stay(tmp_path):
    page = tmp_path / "proof.md"
    proof_page.write(page, {"conv2d": proof(), "full": AnswersProof("full", seeds=1000)}, 2026)
    before = page.read_text(encoding="utf-8")
    proof_page.write(page, {"conv2d": proof(survived=[("bias-ignored", 7)])}, 2026)
    after = page.read_text(encoding="utf-8")
    assert after.count("### conv2d\n") == after.count("### full\n") == 1
    assert "it does not hold" in after
    proof_page.write(page, {"conv2d": proof()}, 2026)
    assert page.read_text(encoding="utf-8") == before


def test_a_page_without_marks_is_left_alone(tmp_path):
    page = tmp_path / "proof.md"
    page.write_text("# Proof\n", encoding="utf-8")
    with pytest.raises(Problem, match="has no place for the tables between"):
        proof_page.write(page, {"conv2d": proof()}, 2026)
    assert page.read_text(encoding="utf-8") == "# Proof\n"


def test_the_page_of_the_docs_names_what_there_is():
    text = (ROOT / "docs" / "proof.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(proof_page.BEGIN)
    table, _, after = rest.partition(proof_page.END)
    known = {known.id for one in course.load(ROOT).assignments for known in wrong_answers(one.id)}
    quoted = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", before + after))
    assert quoted and quoted <= known
    strangers = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "strangers").glob("*.py"))
    assert all(f"def {name}(" in strangers for name in re.findall(r"`(\w+)`, a stranger", after))
    assert all(f"### {step}\n" in table for step in STEPS)
    assert "it does not hold" not in table
