"""Write final scores in the layout of Gradescope's own export of a course, for programs that read one."""

from autograder.campus.final_scores import FinalScores, Learner
from autograder.campus.made import Made, remarks_on
from autograder.campus.outlets.table import Cell, safe_csv

PERSON = ("First Name", "Last Name", "SID", "Email", "Sections")
MOST, TIME, LATE, ALL_LATE = "Max Points", "Submission Time", "Lateness (H:M:S)", "Total Lateness (H:M:S)"


def make(final: FinalScores) -> Made:
    """Return a row for each learner, with four columns for each assignment."""
    titles = [final.course.assignment(name).called for name in final.assignments]
    heads = [head for title in titles for head in (title, *(f"{title} - {one}" for one in (MOST, TIME, LATE)))]
    rows = [_row(final, learner) for learner in final.learners]
    return Made(safe_csv([[*PERSON, *heads, ALL_LATE], *rows]), tuple(remarks_on(final)))


def _row(final: FinalScores, learner: Learner) -> list[Cell]:
    cells: list[Cell] = [learner.first_name, learner.last_name, learner.id, learner.email, ""]
    seconds = 0.0
    for name in final.assignments:
        score = final.of(learner.id, name)
        if score is None:
            cells += ["", final.maxima[name], "", ""]
            continue
        late = score.late_by.total_seconds()
        seconds += late
        when = f"{score.handed_in:%Y-%m-%d %H:%M:%S} +0000" if score.handed_in else ""
        cells += [score.score, final.maxima[name], when, _clock(late)]
    return [*cells, _clock(seconds)]


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
