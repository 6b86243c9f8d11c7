"""`python -m ronda`: the same as the command `ronda`."""

from ronda.cli import main

main()
