"""Explain why a check failed: the smallest wrong call, the known mistake, a broken law, and when it goes wrong.

Only failures pay.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.explain.counterexample import first_wrong
from autograder.explain.diagnose import diagnose
from autograder.explain.edits.candidates import Candidate
from autograder.explain.edits.search import Search, find
from autograder.explain.edits.unturned import unturned
from autograder.explain.laws import broken_law
from autograder.explain.none_names import none_name
from autograder.explain.reactions import checks_of
from autograder.explain.trace import trace
from autograder.explain.when_it_fails import when_it_fails
from autograder.report.condition_messages import STILL_WRONG
from autograder.report.report import Trace
from autograder.sandbox.answers import NoAnswer, Wrong
from autograder.suite.check import Check, Learner
from autograder.suite.known_answers import KnownAnswer
from autograder.suite.load import Suite

logger = logging.getLogger(__name__)

LAW_CALLS, TRACE_CALLS = 12, 120
# So many checks of a submission, the first ones, are told when they fail, and so many where the function reads.
MOST_CONDITIONS = MOST_TRACES = 3
# A mistake that has a name gets this part of the calls that look for its line, and so many tries for a first success.
NAMED, NAMED_TRIES = 10, 30


@dataclass(frozen=True)
class Explanation:
    """Why a check failed: a small wrong answer, the known mistake where there is no doubt, a broken law, an edit.

    `edit` makes every check of the function pass. `condition` tells when the function goes wrong, where neither a known
    mistake nor an edit does. `trace` tells where the function reads for the first wrong value.
    """

    wrong: Wrong
    mistake: KnownAnswer | None = None
    law: str | None = None
    edit: Candidate | None = None
    condition: str | None = None
    trace: Trace | None = None


def explain(
    suite: Suite, learner: Learner, failures: Mapping[str, Wrong], calls: int, search: Search | None = None
) -> dict[str, Explanation]:
    """Return the explanations of failed checks, by id. `calls` limits the calls of a function for one check.
    `search` looks for an edit of the learner's code that mends it.

    Explaining never changes a verdict. Where one part of an explanation fails, only that part is left out.
    """
    answered = {name: wrong for name, wrong in failures.items() if not isinstance(wrong, NoAnswer)}
    if not answered or calls <= 0:
        return {}
    # Hypothesis takes a while to import, and right answers do not need it.
    from autograder.explain.smallest_call import smallest_call

    mistakes = attempt({}, diagnose, suite, learner, list(answered))
    checks = {check.id: check for check in suite.checks}
    for_laws = min(LAW_CALLS, calls // 4)
    explained = {}
    for name, wrong in answered.items():
        helped = learner.with_help(checks[name])
        small = attempt(wrong, smallest_call, helped, checks[name], wrong, mistakes.get(name), calls - for_laws)
        law = attempt(None, broken_law, helped, small, for_laws)
        explained[name] = Explanation(small, mistakes.get(name), law)
    if search:
        explained = _with_edits(suite, learner, explained, search)
    explained |= _with_traces(learner, checks, explained, min(TRACE_CALLS, calls))
    loops = _loops(suite, learner, explained, search) if search else {}
    # Last, because they take most calls: a function that is slow still gets the rest.
    unnamed = [name for name, each in explained.items() if each.mistake is None and each.edit is None]
    for number, name in enumerate(unnamed):
        small = explained[name].wrong
        facts = (attempt(None, none_name, learner.session.submission, small), loops.get(_function(explained[name])))
        parts = [fact for fact in facts if fact]
        parts += [STILL_WRONG.format(name=option, value=value) for option, value in small.plain.items()]
        if number < MOST_CONDITIONS:
            helped = learner.with_help(checks[name])
            parts += attempt([], when_it_fails, suite, helped, checks[name], small, calls)
        explained[name] = replace(explained[name], condition=" ".join(parts) or None)
    return explained


def _with_traces(
    learner: Learner, checks: Mapping[str, Check], explained: Mapping[str, Explanation], calls: int
) -> dict[str, Explanation]:
    """Return the first explanations of a wrong value, each with what the function reads for it."""
    with_value = [name for name, each in explained.items() if first_wrong(each.wrong) is not None]
    traced = {}
    for name in with_value[:MOST_TRACES]:
        helped, each = learner.with_help(checks[name]), explained[name]
        traced[name] = replace(each, trace=attempt(None, trace, helped, checks[name], each.wrong, calls))
    return traced


def _with_edits(
    suite: Suite, learner: Learner, explained: Mapping[str, Explanation], search: Search
) -> dict[str, Explanation]:
    """Return the explanations, each with the edit that makes every check of its function pass, where there is one."""
    checks = {check.id: check for check in suite.checks}
    functions = dict.fromkeys(each.wrong.case.function for each in explained.values() if each.wrong.case)
    edits = {}
    for function in functions:
        helped = learner.with_help(*checks_of(suite, function))
        calls = {name: each for name, each in explained.items() if _calls(each, function)}
        trials = [(checks[name], each.wrong.case) for name, each in calls.items()]
        # Where the bank has named the mistake, the line helps less, and a class of such answers must not take long.
        named = all(each.mistake for each in calls.values())
        budget = replace(search, calls=search.calls // NAMED, tries=NAMED_TRIES) if named else search
        edits[function] = attempt(None, find, budget, suite, helped, function, trials)
    return {
        name: replace(each, edit=edits[each.wrong.case.function]) if each.wrong.case else each
        for name, each in explained.items()
    }


def _loops(suite: Suite, learner: Learner, explained: Mapping[str, Explanation], search: Search) -> dict[str, str]:
    """Return the loop that makes no turn, for each function of which nothing else is known."""
    functions = dict.fromkeys(_function(each) for each in explained.values() if each.mistake is None is each.edit)
    found = {
        function: attempt(None, unturned, search, suite, learner.with_help(*checks_of(suite, function)), function)
        for function in functions
        if function
    }
    return {function: words for function, words in found.items() if words}


def _function(explanation: Explanation) -> str:
    return explanation.wrong.case.function if explanation.wrong.case else ""


def _calls(explanation: Explanation, function: str) -> bool:
    return explanation.wrong.case is not None and explanation.wrong.case.function == function


def attempt(otherwise: Any, find: Callable[..., Any], *arguments: Any) -> Any:
    """Return what one part of an explanation finds; `otherwise` where that part fails."""
    try:
        return find(*arguments)
    except NoAnswer:
        return otherwise
    except Exception:
        logger.exception("%s: a part of an explanation could not be made", find.__name__)
        return otherwise
