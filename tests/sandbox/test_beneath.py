"""What torch and numpy have besides torch's dispatcher: all of it is known, and what does the forbidden is dead.

A canary, too: it lists by program what an installed release brings, and fails on what nobody has looked at.
"""

import importlib
import json
import pkgutil
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch

from autograder import doctor
from autograder.sandbox.host import Sandbox
from autograder.sandbox.worker import bans, doubles, machine_code
from autograder.sandbox.worker.isolation.view import HIDDEN_ONCE_WARM, HIDDEN_PACKAGES
from tests import forked

WORDS = re.compile(r"(?i)conv|pool|im2col|col2im|grid_sampl|grid_gen")
# Operations that only TorchScript knows. Each must hit the trap beneath.
SCRIPTED = {"prim::mkldnn_convolution"}
# Exported functions that match by accident.
HARMLESS = re.compile(
    r"[Cc]onvert|max_unpooling[23]d_forward\w*|mkldnn_reorder_conv[23]d_weight\w*|add_thread_pool_task"
    r"|initialize_device_threads_pool"
)
# Folders and files of torch with Python functions of such names, looked at by a person: they call torch's operations,
# work out shapes only, write graphs down, or mean pools of memory, threads and processes.
LOOKED_AT = (
    "_dynamo",
    "_export",
    "_functorch/_activation_offloading",
    "_functorch/benchmark_utils.py",
    "_meta_registrations.py",
    "_numpy/_funcs_impl.py",
    "_subclasses/fake_impls.py",
    "accelerator/graphs.py",
    "ao",
    "backends/_nnapi",
    "cuda",
    "distributed",
    "fx/experimental",
    "jit/_shape_functions.py",
    "mtia",
    "multiprocessing",
    "nested/_internal",
    "nn/functional.py",
    "nn/grad.py",
    "nn/modules/conv.py",
    "nn/modules/fold.py",
    "nn/modules/pooling.py",
    "nn/utils/fusion.py",
    "nn/utils/memory_format.py",
    "onnx/_internal",
    "testing",
    "utils",
    "xpu",
)
DEFINES = re.compile(
    r"^\s*def \w*(?:conv(?!er)|im2col|col2im|(?<!_pool)pool(?:ing)?\d?d?_?|grid_sampl)\w*\(", re.MULTILINE
)
ROOT = Path(__file__).resolve().parents[2]
NUMPY_WORDS = re.compile(r"conv(?!ert)|correl|poly\w*(mul|pow)|(cheb|leg|lag|herme?)(mul|pow)|fold|pool")
# Choose implementations, raise, or multiply by x.
NUMPY_HARMLESS = re.compile(r"_\w+_dispatcher|_raise_\w+_nonconvergence|\w+mulx")
# Of these, _umath_tests is hidden from workers.
NUMPY_SKIPPED = re.compile(r"\b_?tests?\b|_umath_tests|f2py|distutils|testing|conftest|__main__|typing|_pyinstaller")
SWITCHED_OFF = """
import sys, torch, numpy as np
from autograder.sandbox.worker import warm, branch, machine_code, no_compiler
warm.warm_up()
no_compiler.leave_out()
branch._switch_off(sys.argv[1].split(","))
image, kernel = torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2)
"""
# A machine that does not allow a process to change its program.
REFUSED = """
from autograder.sandbox.worker import warm, branch, machine_code, no_compiler
warm.warm_up()
no_compiler.leave_out()
machine_code.trap_at = lambda place: False
print(branch._switch_off(["convolution"]))
"""
ONLY_BENEATH = """
import sys, torch
from autograder.sandbox.worker import machine_code
image, kernel = torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2)
torch.nn.functional.conv2d(image, kernel)
assert machine_code.overwrite([sys.argv[1]]) > 0
"""
CALLS = {
    "convolution": "torch.nn.functional.conv2d(image, kernel)",
    "convolution_1d": "torch.nn.functional.conv1d(image[0], kernel[0])",
    "unfold": "torch.nn.functional.unfold(image, 2)",
    "pooling": "torch.nn.functional.max_pool2d(image, 2)",
    "grid_sample": "torch.nn.functional.grid_sample(image, torch.zeros(1, 2, 2, 2), align_corners=False)",
    "autograd": "torch.ones(2, requires_grad=True).sum().backward()",
}
ALLOWED = """
import torch.nn.functional as F
image.unfold(2, 2, 1), torch.einsum("ij,jk", image[0, 0], image[0, 0]), F.pad(image, (1, 1)), image @ image
torch.fft.irfft2(torch.fft.rfft2(image)), F.linear(image, image[0, 0]), torch.jit.script(F.relu)(image), repr(image)
np.einsum("ij,jk", np.ones((2, 2)), np.ones((2, 2))), np.lib.stride_tricks.sliding_window_view(np.ones(4), 2)
np.polyval([1, 2], 3), torch.optim.SGD([torch.nn.Parameter(image)], 0.1).step()
"""


def test_no_operation_is_known_to_torchscript_alone_but_these() -> None:
    dispatched = {name.partition(".")[0] for name in torch._C._dispatch_get_all_op_names()}
    scripted = {schema.name for schema in torch._C._jit_get_all_schemas()} - dispatched
    assert {name for name in scripted if WORDS.search(name)} == SCRIPTED


@pytest.mark.slow
@pytest.mark.skipif(not machine_code.exported(), reason="overwritten on Linux on x86-64 only")
def test_what_torchscript_alone_knows_dies_beneath() -> None:
    call = "torch.ops.prim.mkldnn_convolution(image, kernel, None, [1, 1], [0, 0], [1, 1], 1)\n"
    made = "import torch\nimage, kernel = torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2)\n"
    assert forked.run(made + call).returncode == 0
    assert forked.run(SWITCHED_OFF + call, "convolution").returncode == -4


@pytest.mark.slow
@pytest.mark.skipif(not machine_code.exported(), reason="overwritten on Linux on x86-64 only")
@pytest.mark.parametrize("family", bans.FAMILIES)
def test_the_wall_beneath_stands_without_the_bans(family: str) -> None:
    done = forked.run(ONLY_BENEATH + CALLS[family], family)
    assert done.returncode == -4, done.stderr


@pytest.mark.skipif(not machine_code.exported(), reason="overwritten on Linux on x86-64 only")
def test_a_branch_says_whether_the_wall_beneath_stands(sandbox: Sandbox) -> None:
    assert sandbox.reaches_beneath()
    assert forked.run(REFUSED).stdout == "False\n"


@pytest.mark.parametrize(
    ("machine", "why"),
    [("x86_64", "the system lets no program change its own code"), ("riscv64", "this is Linux on riscv64")],
)
def test_the_doctor_says_where_the_wall_beneath_cannot_be_put_up(machine: str, why: str, monkeypatch) -> None:
    monkeypatch.setattr(doctor.platform, "machine", lambda: machine)
    monkeypatch.setattr(doctor.platform, "system", lambda: "Linux")
    found = doctor._second_wall(False)
    assert (found.good, found.remedy) == (None, "") and why in found.text and "\n" not in found.text
    assert doctor._second_wall(True).good


@pytest.mark.slow
@pytest.mark.skipif(not machine_code.exported(), reason="overwritten on Linux on x86-64 only")
def test_every_exported_function_that_sounds_like_it_is_overwritten_or_known() -> None:
    dead = {mangled for family in bans.FAMILIES for mangled, _, _ in machine_code.functions([family])}
    names = {
        "::".join(name.decode() for name in machine_code.names_in(one))
        for one, *_ in machine_code.exported()
        if one not in dead
    }
    assert {name for name in names if WORDS.search(name) and not HARMLESS.search(name)} == set()
    assert len(dead) > 200
    least = {"convolution": 100, "convolution_1d": 70, "unfold": 8, "pooling": 70, "grid_sample": 20, "autograd": 7}
    assert all(len(list(machine_code.functions([family]))) >= count for family, count in least.items())
    interpreters = [one for one, *_ in machine_code.functions([]) if one.startswith(machine_code.INTERPRETERS)]
    assert len({kind for kind in machine_code.INTERPRETERS for one in interpreters if one.startswith(kind)}) == 5


def test_every_python_function_of_torchs_that_sounds_like_it_is_hidden_or_known() -> None:
    root = Path(torch.__file__).parent
    hidden = [
        name.removeprefix("torch/") for name in (*HIDDEN_PACKAGES, *HIDDEN_ONCE_WARM) if name.startswith("torch/")
    ]
    found = [path for path in root.rglob("*.py") if DEFINES.search(path.read_text(encoding="utf-8", errors="replace"))]
    assert len(found) > 80
    unknown = [path.relative_to(root).as_posix() for path in found]
    unknown = [
        name for name in unknown if not any(f"{name}/".startswith(f"{known}/") for known in (*LOOKED_AT, *hidden))
    ]
    assert unknown == []


@pytest.mark.slow
def test_every_callable_of_numpys_that_sounds_like_it_is_dead_or_known() -> None:
    # In a process of its own: modules from other tests would seem to belong to numpy.
    code = "from tests.sandbox.test_beneath import look_through_numpy; look_through_numpy()"
    done = forked.run(code)
    assert done.returncode == 0, done.stderr


def look_through_numpy() -> None:
    """Assert that every callable of numpy's that sounds like a convolution is dead in a branch, or known."""
    names = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for info in pkgutil.walk_packages(np.__path__, "numpy.", onerror=lambda name: None):
            if not NUMPY_SKIPPED.search(info.name):
                try:
                    module = importlib.import_module(info.name)
                except ImportError:
                    continue
                names |= {name for name, value in vars(module).items() if callable(value) and NUMPY_WORDS.search(name)}
    assert "numpy/_core/_umath_tests*" in HIDDEN_ONCE_WARM
    doubles.found.cache_clear()
    dead = {double.function.__code__.co_name for double in doubles.found()} | set(doubles.KERNELS)
    assert {"convolve", "correlate", "polymul", "chebmul", "legmul"} <= names
    assert {name for name in names - dead if not NUMPY_HARMLESS.fullmatch(name)} == set()


@pytest.mark.slow
@pytest.mark.parametrize("families", ["convolution", "convolution_1d", "convolution,pooling", "convolution,unfold"])
def test_doubles_are_dead_and_what_is_allowed_works(families: str) -> None:
    calls = ["np.convolve(a, b)", "np.correlate(a, b)", "np.polymul(a, b)", "np.ma.convolve(a, b)"]
    calls += ["np.convolve._implementation(a, b)", "np._core.multiarray.correlate(a, b)", "np.poly1d(a) * np.poly1d(b)"]
    calls += [f"np.polynomial.{name}(a, b)" for name in ("chebyshev.chebmul", "legendre.legmul", "polynomial.polymul")]
    if "unfold" in families:
        calls.append("torch._decomp.decompositions.im2col(image, [2, 2], [1, 1], [0, 0], [1, 1])")
    if "pooling" in families:
        calls.append("torch._decomp.decompositions.max_pool2d_with_indices(image, [2, 2])")
    code = (
        SWITCHED_OFF
        + f"""
import json
from autograder.sandbox.worker import bans
a, b, alive = [1.0, 2.0], [3.0, 4.0], []
for call in {calls!r}:
    try:
        eval(call)
        alive.append(call)
    except bans.Forbidden:
        pass
print(json.dumps(alive))
"""
    )
    done = forked.run(code + ALLOWED, families)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
