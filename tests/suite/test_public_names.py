"""The names that suites and banks may import. A step of another course has them, too: change this list on purpose.

Names may be added. One that is removed or renamed breaks the steps of others, so the changelog says so.
"""

import ast
import importlib
import inspect
from pathlib import Path

import pytest

from autograder.errors import Problem
from autograder.suite.known_answers import wrong

PACKAGE = Path(__file__).resolve().parents[2] / "autograder"
NAMES = {
    "autograder.sandbox.answers": {"NoAnswer", "Wrong"},
    "autograder.suite": {"backward_windows", "windows"},
    "autograder.suite.cases": {"LAYOUTS", "NUMBERS", "OMITTED", "ONE_OR_MANY", "SHAPES", "SPELLED", "Space", "unseen"},
    "autograder.suite.check": {"check"},
    "autograder.suite.compare": {
        *("adjoint", "agree", "agree_in_part", "agree_on_integer", "agree_on_truth", "convolves", "exact_zeros"),
        *("leaves_arguments", "raises", "same_shape", "unchanged"),
    },
    "autograder.suite.draw": {"Draw", "Row", "both"},
    "autograder.suite.known_answers": {"right", "shared", "wrong"},
    "autograder.suite.operands": {"multiplies_regions", "transforms_both"},
    "autograder.suite.products": {"makes_one_batched_product", "makes_one_product", "makes_transforms"},
    "autograder.suite.references": {
        *("conv1d", "conv2d", "conv2d_backward", "conv2d_by_fft", "conv2d_padded", "conv_transpose2d_single"),
        *("deformable_conv2d", "dense", "dense_layer", "dense_weight", "depthwise", "is_local"),
        *("is_translation_invariant", "layer", "max_pool2d", "network", "output_size", "parameter_count", "pool2d"),
        *("pool2d_single", "refusal", "separable", "separable_parameter_count", "training_step", "unfold"),
    },
    "autograder.suite.spaces": {
        *("batch", "bias_of_batch", "matrices_of_kernels", "paddings", "rectangles", "single_image", "squares"),
        *("strides",),
    },
}
# What every author writes, by keyword: the arguments keep their names and their order.
SIGNATURES = {
    "check.check": "points cases after helper",
    "cases.Space": "function arguments reference axes positional defaults fits extra at_least window",
    "cases.Space.where": "self only",
    "cases.Space.plus": "self rows",
    "check.Learner.call": "self case options",
    "known_answers.right": "function helpers",
    "known_answers.wrong": "function fails hint alias before helpers library",
    "known_answers.shared": "step function bodies fails",
}


def imported() -> dict[str, set[str]]:
    """Return what the suites and banks of this course and the template import of the kit, by module."""
    found: dict[str, set[str]] = {}
    files = [*PACKAGE.glob("steps/*/*.py"), *PACKAGE.glob("authoring/template/*.py")]
    for tree in (ast.parse(path.read_text(encoding="utf-8")) for path in files):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograder."):
                found.setdefault(node.module, set()).update(alias.name for alias in node.names)
    return {module: names for module, names in found.items() if not module.startswith("autograder.steps")}


def test_steps_import_these_names_and_no_others() -> None:
    assert imported() == NAMES


@pytest.mark.parametrize("module", NAMES)
def test_each_name_is_there(module: str) -> None:
    there = importlib.import_module(module)
    for name in NAMES[module]:
        assert hasattr(there, name) or importlib.import_module(f"{module}.{name}")


@pytest.mark.parametrize("name", SIGNATURES)
def test_what_authors_write_keeps_its_arguments(name: str) -> None:
    module, _, path = name.partition(".")
    what = importlib.import_module(f"autograder.suite.{module}")
    for part in path.split("."):
        what = getattr(what, part)
    assert " ".join(inspect.signature(what).parameters) == SIGNATURES[name]


def test_a_wrong_answer_without_words_is_refused_with_its_file_and_line() -> None:
    def forgets(x):
        """Forgets the last row."""

    def undescribed(x):
        pass

    for body, hint in ((forgets, ""), (undescribed, "Count the rows.")):
        with pytest.raises(
            Problem, match=rf"test_public_names\.py:\d+: {body.__name__} has no docstring .* or no hint"
        ):
            wrong("f", fails="slides", hint=hint)(body)
