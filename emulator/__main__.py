"""`python -m emulator --desk FILE --port P`: a Zendesk on this machine."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from emulator.server import run


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and run; the exit code is `run`'s."""
    parser = argparse.ArgumentParser(prog="emulator", description="A Zendesk to run on your laptop.")
    parser.add_argument("--desk", type=Path, help="desk file (YAML); without one the desk is empty")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (the control API has no login)")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--data", type=Path, help="SQLite file that keeps the account; without one it is forgotten")
    parser.add_argument("--generate", type=int, default=0, metavar="N", help="begin with N invented tickets")
    parser.add_argument("--seed", type=int, default=7, help="of the invented tickets: the same seed, the same tickets")
    parser.add_argument("--ready-file", type=Path, help="write the address here once it answers")
    said = parser.parse_args(arguments)
    return run(
        said.desk,
        host=said.host,
        port=said.port,
        data=said.data,
        ready_file=said.ready_file,
        generate=said.generate,
        seed=said.seed,
    )


if __name__ == "__main__":
    sys.exit(main())
