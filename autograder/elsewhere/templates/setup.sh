#!/bin/sh
# Gradescope runs this once, as root, when it builds the image. It needs the network; grading does not.
set -eu
cd /autograder/source

# The kit needs Python 3.11 or newer, and Ubuntu 22.04 has only 3.10 as python3.
find_python() {
    for name in python3.13 python3.12 python3.11 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$name"
            return
        fi
    done
}

python=$(find_python)
if [ -z "$python" ]; then
    apt-get update
    apt-get install --yes python3.11 python3.11-venv
    python=python3.11
fi
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    apt-get update
    apt-get install --yes "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi
"$python" -m venv .venv

# PyTorch's small CPU build. The large one for GPUs would fill the image.
PIP_EXTRA_INDEX_URL=${PIP_EXTRA_INDEX_URL:-https://download.pytorch.org/whl/cpu}
export PIP_EXTRA_INDEX_URL
.venv/bin/python -m pip install --disable-pip-version-check --no-cache-dir -c constraints.txt -e .
