"""Find out what a worker may read: an allowlist of real paths. All others are hidden, wherever the kit is installed.

Links are resolved first: a rule for `lib64`, a link to `lib`, would grant all of `lib`, hidden packages included.
"""

import glob
import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

# The parts of the kit that workers may read.
OWN = ("__init__.py", "sandbox/__init__.py", "sandbox/worker")
# They have ready answers to a step, in code that no ban in torch or numpy covers.
HIDDEN_PACKAGES = (
    *("scipy", "sympy", "torch/_inductor", "torch/nn/utils/_expanded_weights"),
    # Filters and resampling of images, in C. Plotting does nothing while grading, so nobody misses them.
    *("PIL", "pillow.libs", "matplotlib", "mpl_toolkits", "cv2", "skimage", "torchvision"),
)
# The same, but the zygote has to import them first. doubles.py disables what it has imported of them.
HIDDEN_ONCE_WARM = (
    *("torch/_decomp/decompositions.py", "torch/_decomp/__pycache__", "torch/_refs", "torch/testing"),
    *("numpy/polynomial", "numpy/ma"),
    # numpy's own tests come with a convolution in C.
    *("numpy/_core/_umath_tests*", "numpy/_core/tests", "numpy/_core/_multiarray_tests*"),
)
# torch reads the type of the processor once, in the zygote. Without it, F.embedding_bag would fail.
HIDDEN_ONCE_READ = ("proc/cpuinfo",)
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
SHARED_LIBRARIES = ("/lib64", "/usr/lib64", "/usr/lib/locale", "/etc/ld.so.cache", "/nix/store")
# Not granted as a whole: their lib folders also hold data and settings of other programs.
SYSTEM = ("/usr", "/usr/local", "/")
PACKAGE_FOLDERS = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class View:
    """Real paths. No path lies below another of the same kind.

    `shown` are readable, except `hidden` inside them. `own`, the kit's, are readable even inside `hidden`. `late` are
    hidden from workers only: the zygote imports them. `links` are other names of the shown paths, with the real path.
    """

    shown: tuple[str, ...]
    hidden: tuple[str, ...]
    own: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    late: tuple[str, ...] = ()

    @property
    def readable(self) -> tuple[str, ...]:
        """Return every readable path, apart from what is hidden inside it."""
        return (*self.shown, *self.own)


def view(packages: Path) -> View:
    """Return what a worker may read, for a kit in the folder `packages`."""
    kit = packages / "autograder"
    used = [os.path.realpath(folder) for folder in site.getsitepackages() if os.path.isdir(folder)]
    names = [*_interpreter(), *_libraries(), *used, *DEVICES, *_inside("/", HIDDEN_ONCE_READ)]
    shown = _outermost(os.path.realpath(name) for name in names if os.path.exists(name))
    # The interpreter behind a virtual environment has packages of its own, which are not for submissions.
    unused = [folder for folder in _package_folders() if folder not in used]
    hidden = [path for folder in used for path in _inside(folder, HIDDEN_PACKAGES)]
    hidden += [*unused, os.path.realpath(kit), os.path.realpath(packages / "solutions")]
    links = {name: os.path.realpath(name) for name in names if os.path.exists(name)}
    return View(
        shown=shown,
        hidden=_outermost(path for path in hidden if os.path.exists(path)),
        own=_outermost(os.path.realpath(kit / name) for name in OWN),
        links=tuple((name, real) for name, real in sorted(links.items()) if name != real),
        late=(
            *_inside("/", HIDDEN_ONCE_READ),
            *(path for folder in used for path in _inside(folder, HIDDEN_ONCE_WARM)),
        ),
    )


def within(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of these folders, or lies in one."""
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def _inside(folder: str, names: Iterable[str]) -> list[str]:
    """Return the real paths in a folder that match these names, in which * is a wildcard."""
    return [os.path.realpath(path) for name in names for path in glob.glob(os.path.join(glob.escape(folder), name))]


def _interpreter() -> list[str]:
    """Return what Python itself needs: its program, its standard library, and the libraries beside it."""
    needed = [sys.executable, os.path.join(sys.prefix, "pyvenv.cfg"), *_standard_library()]
    bases = {sys.base_prefix, sys.base_exec_prefix}
    needed += [os.path.join(base, "lib") for base in bases if os.path.realpath(base) not in SYSTEM]
    return needed


def _standard_library() -> list[str]:
    folders = [sysconfig.get_path("stdlib"), sysconfig.get_config_var("DESTSHARED")]
    return [folder for folder in folders if folder]


def _libraries() -> list[str]:
    """Return the folders of the system's shared libraries: only theirs where it has such, else all of /usr/lib."""
    multiarch = sysconfig.get_config_var("MULTIARCH")
    if multiarch and os.path.isdir(f"/usr/lib/{multiarch}"):
        return [f"/lib/{multiarch}", f"/usr/lib/{multiarch}", *SHARED_LIBRARIES]
    if os.path.isdir("/usr/lib64") and not os.path.islink("/usr/lib64"):
        return [*SHARED_LIBRARIES]
    return ["/lib", "/usr/lib", *SHARED_LIBRARIES]


def _package_folders() -> list[str]:
    """Return the folders of installed packages inside the standard library."""
    folders = [os.path.join(path, name) for path in _standard_library() for name in PACKAGE_FOLDERS]
    return [os.path.realpath(folder) for folder in folders if os.path.isdir(folder)]


def _outermost(paths: Iterable[str]) -> tuple[str, ...]:
    """Return these paths in order, without those that lie below another one."""
    ordered = sorted(set(paths), key=lambda path: (path.count("/"), path))
    kept: list[str] = []
    for path in ordered:
        if not within(path, kept):
            kept.append(path)
    return tuple(sorted(kept))
