"""What every rule is: a frozen model whose fields are its configuration, with one method, ``check``."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, ClassVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from rules.condition import Condition
from rules.messages import LANGUAGES
from rules.mode import Mode
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket
from rules.verdict import Cause, Verdict


def _mode(given: Any) -> Any:
    if given is False:  # YAML 1.1 readers make `off` a boolean; ours does not, an editor's may
        return Mode.OFF
    if isinstance(given, str):
        try:
            return Mode[given.upper()]
        except KeyError:
            raise ValueError(f"{given!r} is no mode; one of off, audit, warn, enforce") from None
    return given


ModeWord = Annotated[
    Mode,
    BeforeValidator(_mode),
    PlainSerializer(lambda mode: mode.word),
    WithJsonSchema({"enum": [mode.word for mode in Mode]}),
]


def _language(given: str) -> str:
    if given not in LANGUAGES:
        raise ValueError(f"no language {given!r}; the languages are {', '.join(LANGUAGES)}")
    return given


Language = Annotated[str, AfterValidator(_language), WithJsonSchema({"enum": list(LANGUAGES)})]


class Rule(BaseModel, ABC):
    """A documented rule. Its pack entry gives the fields; a misspelt one stops the start. A new rule is in ``audit``.

    ``needs``: what it must know beside the ticket. ``routes``: its cure decides which desk or sector the ticket is
    in, so the other rules judge the ticket as if that cure had happened.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    needs: ClassVar[frozenset[Need]] = frozenset()
    routes: ClassVar[bool] = False

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+(-[a-z0-9]+)*$", description="stays for ever")
    kind: str = Field(default="", description="the rule's file in rules/catalog/")
    cites: str = Field(default="", description="the handbook paragraph it enforces")
    confirmed: str | None = Field(default=None, description="digest of that paragraph when a person last compared them")
    title: dict[Language, str] | None = Field(default=None, description="by language; the catalogue has one by kind")
    mode: ModeWord = Mode.AUDIT
    when: Condition | None = Field(default=None, description="where it applies")
    gives_way_to: tuple[str, ...] = Field(default=(), description="rules: where one applies, this does not")
    waits_for: tuple[str, ...] = Field(default=(), description="rules: while one is violated, nothing is cured here")
    effective_from: AwareDatetime | None = Field(default=None, description="older causes are reported, never acted on")

    @abstractmethod
    def check(self, seen: Snapshot) -> Verdict:
        """Judge one snapshot. Pure: the same snapshot gives the same verdict."""

    def watches(self, ticket: Ticket) -> bool:  # noqa: ARG002 # most rules wait for nothing
        """Whether a ticket, as it stands, may have to be looked at without anything happening to it: rounds do."""
        return False

    @property
    def counts_working_time(self) -> bool:
        """Whether a change of the account's schedule moves its timers."""
        return False

    def acts_on(self, cause_at: datetime) -> bool:
        """Whether a cause is young enough to act on."""
        return self.effective_from is None or cause_at >= self.effective_from

    def untold(self, seen: Snapshot, causes: Iterable[Cause]) -> tuple[Cause, ...]:
        """The causes that a note or reply of this rule may still tell about: new ones, young enough."""
        return tuple(c for c in causes if f"{self.id}:{c.key}" not in seen.told and self.acts_on(c.at))
