"""Points nbgrader at course.yml and at the kit's judge. With it, stock nbgrader commands work in this folder."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from autograder.errors import Problem  # noqa: E402
from autograder.nbgrader.preprocessors import configure  # noqa: E402

try:
    configure(get_config(), ROOT)  # noqa: F821  (nbgrader provides it)
except Problem as problem:
    print(problem, file=sys.stderr)
    raise SystemExit(2) from None
