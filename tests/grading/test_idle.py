"""While all judges are busy, the run may do something else."""

from collections import deque
from concurrent.futures import Future
from types import SimpleNamespace

from autograder.grading.plan import Plan
from autograder.grading.retries import Flight


def test_idle_is_called_until_it_has_nothing_to_do_or_a_batch_ends():
    futures: list[Future] = []
    calls: list[int] = []

    def submit(batch: object, lane: int) -> Future:
        futures.append(Future())
        calls.clear()
        return futures[-1]

    def idle() -> bool:
        calls.append(len(futures))
        if len(calls) == 3:
            futures[-1].set_result(SimpleNamespace(stages={}))
        return True

    packer = SimpleNamespace(take=lambda todo, *_: [todo.popleft()], pack=lambda folders, reason: folders)
    backend = SimpleNamespace(room=lambda: 1, jobs=lambda: 1, lanes=lambda: 1, submit=submit)
    plan = Plan(idle=idle)
    plan.stages.add = lambda stages: None
    results = Flight(backend, packer, deque(["a", "b"]), plan).results()
    assert [next(results)[0].folders, list(calls)] == [["a"], [1, 1, 1]]
    assert [next(results)[0].folders, list(calls)] == [["b"], [2, 2, 2]]
    assert list(results) == []
