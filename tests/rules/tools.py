"""A complete ticket in one call, and what a rule makes of it, so that a test names only what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from config.catalogues import read_catalogues
from rules.apply import applied
from rules.judge import judge
from rules.messages import Messages
from rules.mode import Mode
from rules.plan import Plan
from rules.planner import plan
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.team import Team
from rules.ticket import Attachment, Audit, Change, Comment, Person, Ticket, Value, Via
from rules.verdict import Verdict

OPENED = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # a Tuesday, 11:00 in São Paulo
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

WEBSITE = "Design / Website"
JENYFER = Person(101, "Jenyfer Lima", "agent", frozenset({WEBSITE}))
BRYAN = Person(102, "Bryan", "agent", frozenset({WEBSITE}))
ROBSON = Person(103, "Robson", "agent", frozenset({WEBSITE}))
ERICK = Person(104, "Erick", "agent", frozenset({WEBSITE}))
VITORIA = Person(105, "Vitória", "agent", frozenset({WEBSITE}))
PAULO = Person(201, "Paulo Dias", "agent", frozenset({"Suporte"}))
RITA = Person(202, "Rita Alves", "agent", frozenset({"Financeiro"}))
CARLA = Person(901, "Carla Souza", "end-user", locale="pt-BR", verified=True, organization="Loja Azul")

PEOPLE = {p.name: p for p in (JENYFER, BRYAN, ROBSON, ERICK, VITORIA, PAULO, RITA)}
TEAM = Team(
    group=WEBSITE,
    members=("Jenyfer Lima", "Bryan", "Robson", "Erick", "Vitória"),
    tag="website",
    called=("Time Website",),
)
OPEN_STATUSES = ("new", "open", "pending", "hold")


@cache
def messages() -> Messages:
    return Messages(read_catalogues())


class Story:
    """A ticket's life, told update by update; every update is one audit, five minutes after the last."""

    def __init__(
        self,
        by: Person = PAULO,
        *,
        requester: Person = CARLA,
        channel: str = "web",
        subject: str = "Banner da página inicial",
        description: str = "O banner não aparece no celular.",
        attachments: tuple[str, ...] = (),
        **fields: Any,
    ) -> None:
        self.at = OPENED
        self.via = Via(channel)
        self.ticket = Ticket(
            id=1,
            created_at=OPENED,
            updated_at=OPENED,
            requester=requester,
            submitter=by,
            via=self.via,
            subject=subject,
            description=description,
        )
        self.audits: list[Audit] = []
        opening = {"status": "open" if fields.get("assignee") else "new", **fields}
        self._update(by, opening, description, True, self.via, attachments)

    def _update(
        self,
        by: Person,
        fields: dict[str, Any],
        text: str | None,
        public: bool,
        via: Via,
        attachments: tuple[str, ...] = (),
        told: frozenset[str] = frozenset(),
    ) -> None:
        number = len(self.audits) + 1
        custom = fields.pop("fields", {})
        changes = [Change(name, getattr(self.ticket, name), _value(name, value)) for name, value in fields.items()]
        changes += [Change(name, self.ticket.fields.get(name), value) for name, value in custom.items()]
        values: dict[str, Any] = {name: _value(name, value) for name, value in fields.items()}
        self.ticket = replace(
            self.ticket,
            **values,
            fields={**self.ticket.fields, **custom},
            updated_at=self.at,
        )
        comment = None
        if text is not None:
            named = tuple(Attachment(name) for name in attachments)
            comment = Comment(number * 10, self.at, by, public, text, via, named)
        self.audits.append(Audit(number, self.at, by, via, tuple(changes), comment, told=told))

    def then(
        self,
        by: Person,
        *,
        after: timedelta = 5 * MINUTE,
        note: str | None = None,
        reply: str | None = None,
        channel: str | None = None,
        attachments: tuple[str, ...] = (),
        told: frozenset[str] = frozenset(),
        **fields: Any,
    ) -> "Story":
        self.at += after
        default = self.via if by == self.ticket.requester else Via("web")
        via = Via(channel) if channel else default
        self._update(by, fields, note or reply, reply is not None, via, attachments, told)
        return self

    def seen(self, after: timedelta = MINUTE, **known: Any) -> Snapshot:
        as_of = self.at + after
        return Snapshot(as_of, self.ticket, **{"history": tuple(self.audits), "people": PEOPLE, **known})


def _value(name: str, value: Value | set[str]) -> Value:
    return frozenset(value) if name == "tags" and isinstance(value, set) else value  # type: ignore[return-value]


def check(rule: Rule, story: Story | Snapshot) -> Verdict:
    """What the rule says, by the whole judge: `when`, exemptions and all."""
    seen = story.seen() if isinstance(story, Story) else story
    return judge([_enforced(rule)], seen).all[0].verdict


def planned(rule: Rule, story: Story | Snapshot) -> Plan:
    """What would be written for this rule alone."""
    seen = story.seen() if isinstance(story, Story) else story
    return plan(judge([_enforced(rule)], seen), messages(), "pt-BR")


def cured(rule: Rule, story: Story | Snapshot) -> Ticket:
    """The ticket after the plan; judging it again plans nothing."""
    seen = story.seen() if isinstance(story, Story) else story
    for update in planned(rule, seen).updates:
        seen = applied(seen, update, seen.as_of)
    assert planned(rule, seen).is_empty
    return seen.ticket


def _enforced(rule: Rule) -> Rule:
    return rule.model_copy(update={"mode": Mode.ENFORCE})
