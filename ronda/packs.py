"""Packs and handbooks on disk: found by name or path, read, checked."""

from collections.abc import Mapping
from pathlib import Path

from config.catalogues import read_catalogues
from rules.handbook import Paragraph, parse_handbook
from rules.messages import Messages
from rules.names import nearest
from rules.pack import Pack, parse_pack
from rules.problems import Problem, Unusable
from rules.scenario_file import pack_named_in

PACKS = Path(__file__).parent.parent / "config" / "packs"


def find_pack(name_or_path: str, beside: Path | None = None) -> Path:
    """The file of a pack: shipped, by its name, or any, by a path (relative to the folder ``beside`` if given).

    Raises Unusable if there is none.
    """
    shipped = {file.stem: file for file in sorted(PACKS.glob("*.yaml"))}
    if name_or_path in shipped:
        return shipped[name_or_path]
    path = (beside or Path()) / name_or_path
    if not path.is_file():
        near = nearest(name_or_path, shipped) or f"; there are {', '.join(shipped)}, or give a file's path"
        raise Unusable([Problem(name_or_path, 1, 1, f"there is no such pack{near}")])
    return path


def load_pack(name_or_path: str, beside: Path | None = None) -> Pack:
    """Read and check a pack. Raises Unusable."""
    path = find_pack(name_or_path, beside)
    return parse_pack(read_text(path), str(path), Messages(read_catalogues()))


def load_pack_named_in(file: Path, text: str) -> Pack:
    """The pack that a scenario file is about. Raises Unusable."""
    named = pack_named_in(text, str(file))
    try:
        find_pack(named.name, file.parent)
    except Unusable as error:
        problems = [Problem(str(file), named.line, named.column, problem.message) for problem in error.problems]
        raise Unusable(problems) from error
    return load_pack(named.name, file.parent)


def load_handbook(pack: Pack, path: Path) -> Mapping[str, Paragraph] | None:
    """The paragraphs of the handbook that the pack at ``path`` names; None if it names none. Raises Unusable."""
    if not pack.desk.handbook:
        return None
    return parse_handbook(read_text(path.parent / pack.desk.handbook))


def read_text(path: Path) -> str:
    """A file's text, UTF-8. Raises Unusable with what kept it from being read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Unusable([Problem(str(path), 1, 1, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Unusable([Problem(str(path), line, 1, "is not written in UTF-8")]) from error
