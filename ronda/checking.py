"""Everything that `ronda check` knows about one pack without asking the account."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ronda.packs import find_pack, load_handbook, load_pack, read_text
from rules.check_search import check_by_search
from rules.checks import Finding, Level, check_exemptions, check_handbook, check_rules
from rules.confirm import confirm
from rules.handbook import cited_in, digest_of
from rules.names import nearest
from rules.problems import Problem, Unusable, plain, position, read_yaml


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with its place in the pack's file; lines and columns count from 1."""

    finding: Finding
    file: str
    line: int
    column: int

    @property
    def is_error(self) -> bool:
        return self.finding.level is Level.ERROR

    def __str__(self) -> str:
        whose = f"{self.finding.rule}: " if self.finding.rule else ""
        return f"{self.file}:{self.line}:{self.column}: {self.finding.level}: {whose}{self.finding.message}"


def findings_of(name_or_path: str, as_of: datetime) -> tuple[Placed, ...]:
    """All findings, errors first, then by place. Raises Unusable where the pack itself does not load."""
    path = find_pack(name_or_path)
    pack = load_pack(name_or_path)
    handbook = load_handbook(pack, path)
    found = [
        *check_handbook(pack, handbook),
        *check_rules(pack),
        *check_exemptions(pack, as_of),
        *check_by_search(pack),
    ]
    root = read_yaml(read_text(path), str(path))
    placed = [Placed(finding, str(path), *_place(finding, root)) for finding in found]
    levels = list(Level)
    return tuple(sorted(placed, key=lambda each: (levels.index(each.finding.level), each.line, each.column)))


def confirm_rule(name_or_path: str, rule_id: str) -> str:
    """Write into the pack that a rule says what its paragraphs say today; gives what it cites. Raises Unusable."""
    path = find_pack(name_or_path)
    pack = load_pack(name_or_path)
    handbook = load_handbook(pack, path) or {}
    rule = next((rule for rule in pack.rules if rule.id == rule_id), None)
    if rule is None:
        near = nearest(rule_id, [rule.id for rule in pack.rules])
        raise Unusable([Problem(str(path), 1, 1, f"no rule has the id {rule_id!r}{near}")])
    cited = [handbook[paragraph] for paragraph in cited_in(rule.cites) if paragraph in handbook]
    if not cited or len(cited) < len(cited_in(rule.cites)):
        message = f"{rule_id} cites {rule.cites or 'no paragraph'}, which the handbook has not"
        raise Unusable([Problem(str(path), 1, 1, message)])
    with path.open(encoding="utf-8", newline="") as file:
        text = file.read()
    _replace(path, confirm(text, rule_id, digest_of(cited)))
    return rule.cites


def _replace(path: Path, text: str) -> None:
    """All or nothing: an interrupted write leaves the old file."""
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(path)


def _place(finding: Finding, root: object) -> tuple[int, int]:
    if finding.rule is None:
        return 1, 1
    rules = plain(root)["rules"]
    index = next(number for number, entry in enumerate(rules) if entry["id"] == finding.rule)
    return position(root, ("rules", index, finding.key), of_key=True)
