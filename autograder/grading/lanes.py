"""Share submissions among judges so that each meets few steps: what it learns about a step serves all its learners."""

from collections import deque

from autograder.grading.packing import Keyed


class Lanes:
    """One lane of submissions for each judge, in the order of the steps. An empty one takes from the longest."""

    def __init__(self, todo: deque[Keyed], count: int) -> None:
        size, more = divmod(len(todo), count)
        self._lanes = [deque(todo.popleft() for _ in range(size + (lane < more))) for lane in range(count)]

    def __len__(self) -> int:
        """Return how many submissions are left in all lanes."""
        return sum(map(len, self._lanes))

    def lane(self, number: int) -> deque[Keyed]:
        """Return what is left for a judge; empty if nothing is left for any."""
        if not self._lanes[number]:
            longest = max(self._lanes, key=len)
            taken = [longest.pop() for _ in range(len(longest) - len(longest) // 2)]
            self._lanes[number].extend(reversed(taken))
        return self._lanes[number]
