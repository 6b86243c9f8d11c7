"""The pack of a new installation: copied to the working folder with its handbook, its names made the account's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config.writing import write_file
from integration.gateway import UnknownNames
from integration.names import AccountNames, Named
from ronda.asking import Asking, MissingAnswer
from ronda.naming import Doubt, doubts_of, settled
from ronda.packs import PACKS, load_pack, read_text
from rules.names import nearest
from rules.problems import Problem, Unusable

CONFIG = PACKS.parent
HOW = "--name 'PACK NAME=ACCOUNT NAME', or --yes for what is suggested"


@dataclass(frozen=True, slots=True)
class Shipped:
    about: str
    pack: Path
    handbook: Path


SHIPPED = {
    "website": Shipped("a website team", PACKS / "website.yaml", CONFIG / "handbooks/website.md"),
    "commerce": Shipped("a shop platform's support", PACKS / "commerce.yaml", CONFIG / "handbooks/commerce.md"),
    "own": Shipped("empty, with comments", CONFIG / "templates/own.yaml", CONFIG / "templates/own-handbook.md"),
}


def pack_file(wanted: str, folder: Path, asking: Asking, say: Callable[[str], None]) -> Path:
    """The pack's file: one that is there, or a copy of a shipped one. Raises Unusable, MissingAnswer, CannotWrite."""
    if wanted and wanted not in SHIPPED:
        if not Path(wanted).is_file():
            near = nearest(wanted, SHIPPED) or f"; there are {', '.join(SHIPPED)}, or give a file's path"
            raise Unusable([Problem(wanted, 1, 1, f"there is no such pack{near}")])
        return Path(wanted)
    if not wanted:
        said = [f"{name}: {each.about}" for name, each in SHIPPED.items()]
        wanted = tuple(SHIPPED)[asking.choice("Which rule pack to begin with?", said, "--pack or RONDA_PACK")]
    pack, handbook = folder / f"{wanted}.yaml", folder / f"{wanted}-handbook.md"
    if pack.exists():
        say(f"{pack}: is there already and is used")
        return pack
    text = read_text(SHIPPED[wanted].pack).replace(f"handbook: ../handbooks/{wanted}.md", f"handbook: {handbook.name}")
    if not handbook.exists():
        write_file(handbook, read_text(SHIPPED[wanted].handbook))
    write_file(pack, text)
    say(f"{pack}: a copy of the pack {wanted!r}; its handbook is {handbook}. Both are yours to change.")
    return pack


def speak_the_accounts_names(
    pack: Path, account: AccountNames, names: Mapping[str, str], asking: Asking, say: Callable[[str], None]
) -> None:
    """Settle every name in doubt, and write the pack where that changes it.

    Raises UnknownNames, MissingAnswer, Unusable, CannotWrite.
    """
    before = text = read_text(pack)
    doubts = doubts_of(load_pack(str(pack)), account)
    _check_solvable(doubts)
    for doubt in doubts:
        chosen = _chosen(doubt, names, asking)
        if chosen is None:
            say(f"{doubt.what} {doubt.name!r}: not in the account; `ronda connect` makes it")
        else:
            text = settled(text, doubt, chosen)
            say(f"{doubt.what} {doubt.name!r}: is {chosen.name!r} (id {chosen.id})")
    if text != before:
        write_file(pack, text)
        load_pack(str(pack))
        say(f"{pack}: speaks the account's names")


def _check_solvable(doubts: list[Doubt]) -> None:
    """Two groups of one name cannot be told apart by choosing one."""
    twice = [doubt for doubt in doubts if doubt.what in ("group", "custom status") and doubt.is_twice]
    if twice:
        raise UnknownNames(tuple(f"{doubt}; rename one of them in Admin Center, then try again" for doubt in twice))
    empty = [doubt for doubt in doubts if doubt.what != "ticket field" and not doubt.choices]
    if empty:
        raise UnknownNames(tuple(map(str, empty)))


def _chosen(doubt: Doubt, names: Mapping[str, str], asking: Asking) -> Named | None:
    """What the name means; None: nothing yet, it will be made."""
    if doubt.name in names:
        return _named(doubt, names[doubt.name])
    may_be_made = doubt.what == "ticket field" and not doubt.is_twice
    if may_be_made and (asking.yes or not doubt.is_suggested):
        return doubt.choices[0] if doubt.is_suggested else None
    shown = [f"{each.name}{f' ({each.about})' if each.about else ''}, id {each.id}" for each in doubt.choices]
    if may_be_made:
        shown.append("none of these: `ronda connect` makes it")
    if asking.yes and not doubt.is_suggested:
        raise MissingAnswer(str(doubt), "--name 'PACK NAME=ACCOUNT NAME'")
    default = 0 if doubt.is_suggested else None
    place = asking.choice(f"{doubt}. Which one is it?", shown, HOW, default=default)
    return None if place == len(doubt.choices) else doubt.choices[place]


def _named(doubt: Doubt, wanted: str) -> Named:
    """The choice of this name or id. Raises UnknownNames."""
    found = [each for each in doubt.choices if wanted == str(each.id) or each.is_called(wanted)]
    if len(found) != 1:
        near = nearest(wanted, [each.name for each in doubt.choices])
        why = "more than one of this name; give its id" if found else f"none of this name{near}"
        raise UnknownNames((f"--name {doubt.name}={wanted}: the account has {why}",))
    return found[0]
