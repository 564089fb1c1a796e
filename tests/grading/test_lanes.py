"""Each judge meets few steps, and none is idle while another has work."""

from collections import defaultdict, deque
from concurrent.futures import Future
from threading import Thread
from types import SimpleNamespace

import pytest

from autograder.grading import retries
from autograder.grading.lanes import Lanes
from autograder.grading.packing import Packer
from autograder.grading.plan import Plan
from autograder.grading.waiting import Task, Waiting

STEPS = [f"{step}{learner}" for step in "abcde" for learner in range(24)]


def test_lanes_keep_the_order_and_an_empty_one_takes_from_the_longest():
    lanes = Lanes(deque("abcdefgh"), 3)
    assert [list(lanes.lane(number)) for number in range(3)] == [list("abc"), list("def"), list("gh")]
    lanes.lane(2).clear()
    lanes.lane(1).popleft()
    assert len(lanes) == 5
    assert [list(lanes.lane(number)) for number in (2, 0, 1)] == [list("bc"), ["a"], list("ef")]
    left = []
    while lanes.lane(0):
        left.append(lanes.lane(0).popleft())
    assert sorted(left) == list("abcef") and len(lanes) == 0


def test_more_judges_than_submissions():
    lanes = Lanes(deque("ab"), 3)
    assert [lanes.lane(number).popleft() for number in (2, 1)] == ["a", "b"]
    assert not lanes.lane(0)


@pytest.mark.parametrize("slow", [None, 0, 1], ids=["equally fast", "the first is slow", "the second is slow"])
def test_two_judges_share_at_most_one_step_each_submission_is_graded_once(monkeypatch, slow):
    """A judge that is slow at first leaves the rest of its lane to the other."""
    monkeypatch.setattr("autograder.grading.packing.weight", lambda notebook: 1)
    graded = defaultdict(list)
    waiting: list[tuple[int, list, Future]] = []

    def submit(batch: list, lane: int) -> Future:
        waiting.append((lane, batch, Future()))
        return waiting[-1][-1]

    def idle() -> bool:
        turn = min(
            (each for each in waiting if each[0] != slow), default=waiting[0], key=lambda each: len(graded[each[0]])
        )
        waiting.remove(turn)
        graded[turn[0]] += turn[1]
        turn[2].set_result(SimpleNamespace(stages={}))
        return True

    packer = Packer(None, Plan())
    packer.pack = lambda folders, reason: [folder.notebook for folder, _ in folders]
    plan = Plan(idle=idle)
    plan.stages.add = lambda stages: None
    backend = SimpleNamespace(room=lambda: 4, jobs=lambda: 2, lanes=lambda: 2, submit=submit)
    todo = deque((SimpleNamespace(notebook=name), None) for name in STEPS)
    assert len(list(retries.Flight(backend, packer, todo, plan).results())) > 2
    assert sorted(graded[0] + graded[1]) == sorted(STEPS)
    steps = [{name[0] for name in graded[lane]} for lane in (0, 1)]
    if slow is None:
        assert steps == [set("abc"), set("cde")]
    else:
        assert len(graded[slow]) < len(graded[1 - slow])


def test_a_judge_takes_what_is_meant_for_it_else_the_oldest():
    waiting = Waiting()
    tasks = [Task(number, lane) for number, lane in enumerate((0, 1, 0, 1))]
    for task in tasks:
        waiting.put(task)
    assert [waiting.take(lane).batch for lane in (1, 1, 1, 0)] == [1, 3, 0, 2]
    taken: list[Task | None] = []
    judge = Thread(target=lambda: taken.extend([waiting.take(1), waiting.take(1)]))
    judge.start()
    waiting.put(tasks[0])
    waiting.close()
    judge.join(10)
    assert taken == [tasks[0], None]
