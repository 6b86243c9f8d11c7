#!/bin/sh
# Makes the virtual environment: pinned, hashed dependencies and this project, editable. Needs no root, and of Python
# only its interpreter: Debian keeps venv's pip and pip itself in packages of their own, so pip comes along.
set -eu
venv=$1
python=${PYTHON:-python3}
pip=tools/pip-26.3-py3-none-any.whl/pip

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "ronda needs Python 3.11 or later; '$python' is $("$python" --version 2>&1). Name another: make PYTHON=..." >&2
    exit 2
}

echo "installing the pinned dependencies into $venv (once)"
"$python" -m venv --clear --without-pip "$venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
"$venv/bin/python" "$pip" install --quiet --require-hashes -r requirements/dev.txt
"$venv/bin/python" "$pip" install --quiet --no-deps --no-build-isolation --editable .
touch "$venv/.installed"
