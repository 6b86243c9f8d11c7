"""Scenarios: short stories about tickets, and what a pack must find in them and do. The keys of the file, as values."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.cast import GroupRef, PersonRef, RuleRef, ScenarioPerson
from rules.duration import Duration
from rules.lists import NoneIsEmpty, NoneIsEmptyMap
from rules.scenario_schedule import GivenSchedule
from rules.scenario_values import Counted, FieldValues, Modes, Moment, MomentOrWait, Priority, Status, Type

MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 10, 14, tzinfo=UTC)  # where a story names no moment: a Tuesday, 11:00 in São Paulo

Texts: TypeAlias = Annotated[tuple[str, ...], NoneIsEmpty()]
Tags: TypeAlias = Annotated[frozenset[str], NoneIsEmpty()]
People: TypeAlias = Annotated[tuple[PersonRef, ...], NoneIsEmpty()]


class _Keys(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)


class Said(_Keys):
    """One line of a chat."""

    by: PersonRef
    says: str


class Opened(_Keys):
    """How a ticket began. ``by`` is the submitter, who writes the first comment; ``requester`` whom it is for."""

    by: PersonRef
    requester: PersonRef | None = None
    at: Moment = START
    channel: str | None = None
    rel: str | None = None
    group: GroupRef | None = None
    assignee: PersonRef | None = None
    status: Status | None = None
    priority: Priority | None = None
    type: Type | None = None
    tags: Tags = frozenset()
    fields: FieldValues = {}
    form: str | None = None
    brand: str | None = None
    subject: str = ""
    description: str | None = None
    note: bool = False
    attachments: Texts = ()
    transcript: tuple[Said, ...] = ()

    @model_validator(mode="after")
    def _one_beginning(self) -> Self:
        if self.transcript and self.description is not None:
            raise ValueError("a chat has a transcript instead of a description")
        return self


class Setting(_Keys):
    """Field changes of one update; what is not named stays, null clears."""

    group: GroupRef | None = None
    assignee: PersonRef | None = None
    status: Status | None = None
    priority: Priority | None = None
    type: Type | None = None
    subject: str | None = None
    form: str | None = None
    brand: str | None = None
    requester: PersonRef | None = None
    add_tags: Tags = frozenset()
    remove_tags: Tags = frozenset()
    fields: FieldValues = {}

    @property
    def plain(self) -> dict[str, Any]:
        """The named fields apart from tags and custom fields."""
        named = self.model_fields_set - {"add_tags", "remove_tags", "fields"}
        return {name: getattr(self, name) for name in type(self).model_fields if name in named}


class Then(_Keys):
    """One update, one audit. ``after`` counts from the line before."""

    after: Duration = MINUTE
    by: PersonRef
    note: str | None = None
    reply: str | None = None
    channel: str | None = None
    rel: str | None = None
    attachments: Texts = ()
    setting: Setting | None = Field(default=None, alias="set")

    @model_validator(mode="after")
    def _one_update(self) -> Self:
        if self.note is not None and self.reply is not None:
            raise ValueError("one line has one comment: a note or a reply")
        if self.note is None and self.reply is None and self.setting is None:
            raise ValueError("nothing happens in this line; it needs a note, a reply or set")
        if self.attachments and self.note is None and self.reply is None:
            raise ValueError("attachments belong to a note or a reply")
        return self


class Other(_Keys):
    """An earlier ticket, or one of a queue."""

    name: str = Field(default="", alias="as")
    opened: Opened
    then: Annotated[tuple[Then, ...], NoneIsEmpty()] = ()


class ExpectedComment(_Keys):
    """``contains``: texts that stand in it, case and accents apart; ``mentions``: people it calls, at least these."""

    contains: Texts = ()
    mentions: People | None = None
    language: Literal["pt-BR", "en", "es"] | None = None


class ExpectedTicket(_Keys):
    requester: PersonRef | None = None
    contains: Texts = ()


class ExpectedUpdate(_Keys):
    """Exactly the fields that change."""

    group: GroupRef | None = None
    assignee: PersonRef | None = None
    status: Status | None = None
    priority: Priority | None = None
    type: Type | None = None
    add_tags: Tags = frozenset()
    remove_tags: Tags = frozenset()
    fields: FieldValues = {}


Comments: TypeAlias = Annotated[tuple[ExpectedComment, ...], Counted()]


class Expected(_Keys):
    """What must come of the look. What is not named must not be, ``look_again`` apart."""

    violations: Annotated[tuple[RuleRef, ...], NoneIsEmpty()] = ()
    update: Annotated[ExpectedUpdate, NoneIsEmptyMap()] = ExpectedUpdate()
    notes: Comments = ()
    replies: Comments = ()
    new_ticket: Annotated[tuple[ExpectedTicket, ...], NoneIsEmpty()] = ()
    followers: People = ()
    look_again: MomentOrWait = None
    converges: bool = True
    report: dict[str, Any] = {}


class Scenario(_Keys):
    """One story, or a queue of them, and what is expected of it. ``modes`` replaces the file's."""

    name: str
    modes: Modes | None = None
    opened: Opened | None = None
    then: Annotated[tuple[Then, ...], NoneIsEmpty()] = ()
    judged: Duration = MINUTE
    others: Annotated[tuple[Other, ...], NoneIsEmpty()] = ()
    workload: dict[PersonRef, int] = {}
    absent: People = ()
    schedule: GivenSchedule | None = None
    queue: tuple[Other, ...] = ()
    todo: str | None = None
    expect: Annotated[Expected, NoneIsEmptyMap()] = Expected()

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if (self.opened is None) is not bool(self.queue):
            raise ValueError("a scenario has either 'opened', for its ticket, or a 'queue' of tickets")
        if bool(self.queue) is not bool(self.expect.report):
            raise ValueError("a 'report' is expected of a queue, and only of a queue")
        return self


class ScenarioFile(_Keys):
    """A file of scenarios for one pack."""

    pack: str
    people: Annotated[dict[str, ScenarioPerson], NoneIsEmptyMap()] = {}
    modes: Modes | None = None
    scenarios: tuple[Scenario, ...]


class QueueFile(_Keys):
    """A file about one queue: the keys of its only scenario stand at the top."""

    pack: str
    people: Annotated[dict[str, ScenarioPerson], NoneIsEmptyMap()] = {}
    modes: Modes | None = None
    name: str = "the queue"
    queue: tuple[Other, ...]
    judged: Duration = MINUTE
    schedule: GivenSchedule | None = None
    todo: str | None = None
    expect: Expected

    @property
    def scenario(self) -> Scenario:
        return Scenario(
            name=self.name,
            queue=self.queue,
            judged=self.judged,
            schedule=self.schedule,
            todo=self.todo,
            expect=self.expect,
        )

    @model_validator(mode="after")
    def _report(self) -> Self:
        if not self.queue or not self.expect.report:
            raise ValueError("a queue has tickets, and a 'report' is expected of it")
        return self
