"""Prove assignments and show the proofs at a terminal."""

from collections.abc import Sequence
from pathlib import Path

from autograder.authoring import notebooks_proof, proof_page
from autograder.authoring.answers_proof import prove_answers
from autograder.course import Course
from autograder.terminal import tables
from autograder.terminal.console import console


def run(course: Course, assignments: Sequence[str], *, seeds: int, jobs: int, page: Path | None) -> bool:
    """Prove these assignments, print the tables, and write them into `page`. Return whether every proof holds."""
    if page:
        # The page names the seeds that were tried, so they must be public ones.
        course = course.under(None)
    sandboxed = min(seeds, notebooks_proof.MOST_SEEDS)
    with tables.progress("grading solutions and stubs", sandboxed) as advance:
        notebooks = notebooks_proof.prove_notebooks(course, assignments, seeds=sandboxed, on_seeds=advance)
    with tables.progress("trying known answers", seeds * len(assignments)) as advance:
        answers = prove_answers(course, assignments, seeds, jobs, advance)
    tables.show_notebooks_proof(console(), notebooks, sandboxed)
    tables.show_answers_proof(console(), answers)
    if page:
        proof_page.write(page, answers, course.seed)
    return all(proof.holds for proof in notebooks) and all(proof.holds for proof in answers.values())
