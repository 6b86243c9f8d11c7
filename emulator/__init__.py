"""A Zendesk to run on your laptop: `with emulator.serve(desk) as zendesk: ...` or `python -m emulator`."""

from emulator.desk import Desk
from emulator.desk_file import DeskError, parse_desk, read_desk
from emulator.server import CannotListen, Served, run, serve

__all__ = ["CannotListen", "Desk", "DeskError", "Served", "parse_desk", "read_desk", "run", "serve"]
