"""What `ronda check --live` adds: the names of a pack beside those of the account, each with its place in the file."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from config.settings import read_settings
from enforcement.clock import SystemClock
from integration.names import AccountNames, names_in
from ronda.checking import Placed
from ronda.naming import Doubt, doubts_of
from ronda.packs import find_pack, load_pack, read_text
from ronda.wiring import wire_of
from rules.checks import Finding, Level
from rules.pack import Pack
from rules.problems import position, read_yaml


def strange_names(packs: Sequence[str], env_file: Path) -> list[Placed]:
    """The names of packs that are not exactly one thing of the settings' account.

    Raises UnusableSettings, GatewayError, and Unusable where a pack does not load.
    """
    with wire_of(read_settings(env_file), SystemClock()) as wire:
        account = names_in(wire)
    return [placed for name in packs for placed in _strange_in(name, account)]


def _strange_in(name_or_path: str, account: AccountNames) -> Iterator[Placed]:
    path = find_pack(name_or_path)
    pack = load_pack(name_or_path)
    root = read_yaml(read_text(path), str(path))
    for doubt in doubts_of(pack, account):
        line, column = position(root, _place(doubt, pack), of_key=doubt.what != "group")
        yield Placed(Finding(Level.ERROR, str(doubt)), str(path), line, column)


def _place(doubt: Doubt, pack: Pack) -> tuple[str | int, ...]:
    """Where the pack writes a name for the first time."""
    match doubt.what:
        case "group":
            return ("groups", pack.desk.groups.index(doubt.name))
        case "person":
            return ("people", doubt.name)
        case "ticket field":
            return ("fields", doubt.name)
        case "custom status":
            rules = enumerate(pack.rules)
            index = next(number for number, rule in rules if doubt.name in getattr(rule, "statuses", ()))
            return ("rules", index, "statuses", doubt.name)
