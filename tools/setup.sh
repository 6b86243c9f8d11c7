#!/bin/sh
# Makes the virtual environment: pinned, hashed dependencies and this project, editable. Needs no root.
set -eu
venv=$1
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "ronda needs Python 3.11 or later; $("$python" --version) is what '$python' is. Set PYTHON=..." >&2
    exit 2
}

# Debian splits venv's pip off into python3-venv; without it, pip (or nothing) can still bring virtualenv.
if ! "$python" -m venv --clear "$venv" >/dev/null 2>&1; then
    rm -rf "$venv" "$venv.boot"
    "$python" -m pip install --quiet --target "$venv.boot" virtualenv >/dev/null || {
        echo "neither 'python3 -m venv' nor 'python3 -m pip' works here; one of Debian's packages python3-venv and python3-pip is needed" >&2
        exit 2
    }
    PYTHONPATH="$venv.boot" "$python" -m virtualenv --quiet "$venv"
    rm -rf "$venv.boot"
fi

echo "installing the pinned dependencies into $venv (once)"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
touch "$venv/.installed"
