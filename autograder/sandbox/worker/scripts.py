"""Remove TorchScript from a branch: its interpreters call kernels without the dispatcher, where no ban applies.

torch.jit.script and trace then return the function unchanged, as with PYTORCH_JIT=0, so that a learner's decorated
function still works. Every function that parses, compiles or loads a TorchScript program is deleted.
"""

import re
from functools import cache

import torch

# Needed to look up an operation by its name, as torch.ops does.
NEEDED = (
    "_jit_get_operation",
    "_jit_get_schemas_for_operator",
    "_jit_get_all_schemas",
    "_jit_get_custom_class_schemas",
    "_jit_resolve_packet",
    "_jit_internal",
)
MAKERS = re.compile(
    r"_jit_\w+|parse_ir|parse_type_comment|_create_\w+|_?import_ir_module\w*|_te|_ivalue_\w+|_lazy\w*|_debug_set_autodiff\w*"
)
KINDS = ("CompilationUnit", "Graph", "GraphExecutorState", "LiteScriptModule", "DeepCopyMemoTable", "FileCheck")


@cache
def found() -> tuple[str, ...]:
    """Return the names in torch._C that make, read or run TorchScript."""
    return tuple(name for name in dir(torch._C) if (MAKERS.fullmatch(name) or name in KINDS) and name not in NEEDED)


def leave_out() -> None:
    """Remove TorchScript from this process, for good."""
    torch.jit._state.disable()
    for name in found():
        delattr(torch._C, name)
