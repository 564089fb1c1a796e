"""Write all final scores as one JSON document for programs."""

import json
from typing import Any

from autograder.campus.final_scores import FinalScore, FinalScores, Learner
from autograder.campus.made import Made, remarks_on
from autograder.sanitize import clean

SCHEMA = "autograder/scores/v1"


def make(final: FinalScores) -> Made:
    """Return the document. A score is null where nothing was handed in or nothing is graded yet."""
    document = {
        "schema": SCHEMA,
        "course": final.course.course,
        "assignments": [
            {"id": name, "max_score": final.maxima[name], "bonus": final.course.assignment(name).bonus}
            for name in final.assignments
        ],
        "students": [_student(final, learner) for learner in final.learners],
    }
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return Made(f"{text}\n".encode("utf-8", "replace"), tuple(remarks_on(final)))


def _student(final: FinalScores, learner: Learner) -> dict[str, Any]:
    return {
        "id": clean(learner.id),
        "first_name": clean(learner.first_name),
        "last_name": clean(learner.last_name),
        "email": clean(learner.email),
        "scores": [
            {"assignment": name, "status": final.status(learner.id, name)} | _score(final.of(learner.id, name))
            for name in final.assignments
        ],
    }


def _score(score: FinalScore | None) -> dict[str, Any]:
    if score is None:
        return {"score": None}
    return {
        "score": score.score,
        "late_penalty": score.penalty,
        "handed_in": score.handed_in and score.handed_in.isoformat(),
        "late": bool(score.late_by),
        "checks": [
            {
                "id": check.id,
                "title": check.title,
                "outcome": str(check.outcome),
                "score": check.score,
                "max_score": check.max_score,
                "by_hand": check.by_hand,
            }
            for check in score.checks
        ],
    }
