"""Replace plotting packages with modules that do nothing while grading.

Learners' cells import matplotlib, IPython or ipywidgets to look at things. The real packages would cost seconds and
megabytes per submission. If the import failed, a function in the same cell would be missing. So cells get modules in
which every name, call and item exists and does nothing.
"""

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any

import numpy as np

PACKAGES = ("matplotlib", "IPython", "ipywidgets", "seaborn", "pylab", "mpl_toolkits", "PIL")


class Nothing:
    """An object that accepts any operation and does nothing. A figure has as many parts as requested."""

    def subplots(self, nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **options: Any) -> Any:
        return panels(nrows, ncols, squeeze)

    subfigures = subplots

    def __repr__(self) -> str:
        # An error may quote it, and must read the same in every process.
        return "<nothing>"

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # A decorator must return the function that it decorates.
        return args[0] if len(args) == 1 and not kwargs and callable(args[0]) else self

    def __getitem__(self, key: Any) -> "Nothing":
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Any:
        return iter(())

    def __enter__(self) -> "Nothing":
        return self

    def __exit__(self, *problem: Any) -> None:
        pass

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def _arithmetic(self, *other: Any) -> "Nothing":
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _arithmetic
    __neg__ = __pos__ = __or__ = __ror__ = _arithmetic


def panels(nrows: int, ncols: int, squeeze: bool) -> Any:
    """Return the parts of a figure as matplotlib does: an array, or the only part."""
    parts = np.empty((nrows, ncols), dtype=object)
    for place in np.ndindex(nrows, ncols):
        parts[place] = Nothing()
    if not squeeze:
        return parts
    return parts.squeeze() if parts.size > 1 else parts[0, 0]


def subplots(nrows: int = 1, ncols: int = 1, *, squeeze: bool = True, **options: Any) -> tuple[Nothing, Any]:
    """Return a figure and its parts."""
    return Nothing(), panels(nrows, ncols, squeeze)


def subplot_mosaic(mosaic: Any, **options: Any) -> tuple[Nothing, Nothing]:
    """Return a figure and its parts by name."""
    return Nothing(), Nothing()


MAKERS = {"subplots": subplots, "subplot_mosaic": subplot_mosaic}


class SilentModule(ModuleType):
    """A module that has every name."""

    __path__: list[str] = []  # noqa: RUF012  (importlib reads it: this makes it a package)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return MAKERS.get(name) or Nothing()


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """An importer that supplies the plotting packages before Python looks for the real ones."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name.partition(".")[0] in PACKAGES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> ModuleType:
        return SilentModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def silence() -> None:
    """Make imports of plotting packages return modules that do nothing."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, Finder())
