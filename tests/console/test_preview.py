"""A preview as people, programs and spreadsheets read it."""

import csv
import io

from console.preview import as_csv, as_json, lines_of, minutes
from enforcement.preview import Packs, Preview, compare
from rules.actions import NewTicket, Note, Reply, SetPriority
from rules.mode import Mode
from rules.pack import Pack
from rules.verdict import CouldNotTell
from tests.console.test_explain import Says
from tests.rules.desk import OnTag
from tests.rules.test_explain import high, pack_of
from tests.rules.tools import CARLA, Story

NEW = OnTag(
    id="tiny.answers",
    mode=Mode.ENFORCE,
    tag="a",
    actions=(
        Reply("reply.farewell"),
        Note("note.footer", {"tag": "x"}),
        NewTicket(CARLA, "x", "y", "ronda:1:10"),
        SetPriority("low"),
    ),
)
UNSURE = Says(id="tiny.unsure", verdict=CouldNotTell("nobody is available"))


def found(present: Pack, new: Pack, *stories: Story) -> tuple[Preview, Packs]:
    packs, preview = Packs(present, new, Mode.ENFORCE), Preview()
    for story in stories:
        preview.add(compare(story.seen(), packs))
    return preview, packs


def text(*of: object) -> str:
    return "\n".join(lines_of(*found(*of)))  # type: ignore[arg-type]


def test_verdicts_are_told_by_rule_and_ticket() -> None:
    told = text(pack_of(high()), pack_of(NEW, UNSURE), Story(tags={"a"}))

    assert "newly violated: 1 ticket\n  tiny.answers: 1 ticket: 1" in told
    assert "no longer violated: 1 ticket\n  tiny.high: 1 ticket: 1" in told
    assert "the new pack could not tell: 1 ticket\n  tiny.unsure: 1 ticket: 1" in told


def test_fields_and_messages_are_told_in_full() -> None:
    told = text(pack_of(), pack_of(NEW), Story(tags={"a"}))

    assert "  tiny.answers  priority: – → low  1 ticket: 1" in told
    assert "messages to customers: 1\n  ticket 1 (tiny.answers), pt-BR\n    │ Olá!" in told
    assert "internal notes: 1\n  ticket 1 (tiny.answers), pt-BR" in told
    assert "new tickets: 1" in told
    assert told.endswith("writes: 3, 1 min at least; by the present pack: 0")


def test_many_tickets_are_named_in_part() -> None:
    told = text(pack_of(), pack_of(high()), *([Story()] * 13))

    assert "tiny.high: 13 tickets: 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, …" in told


def test_nothing_to_tell_is_told_shortly() -> None:
    told = text(pack_of(high()), pack_of(high()), Story(priority="high"))

    assert "new tickets" not in told
    assert "messages to customers: 0" in told


def test_programs_read_every_ticket() -> None:
    read = as_json(*found(pack_of(high()), pack_of(NEW), Story(tags={"a"})))

    (ticket,) = read["tickets"]
    assert (ticket["newly_violated"], ticket["no_longer_violated"]) == (["tiny.answers"], ["tiny.high"])
    assert [message["public"] for message in ticket["messages"]] == [True, False]
    assert ticket["changes"] == [{"rules": ["tiny.answers"], "field": "priority", "before": "–", "after": "low"}]


def test_a_spreadsheet_has_a_row_for_each_thing() -> None:
    preview, _ = found(pack_of(high()), pack_of(NEW, UNSURE), Story(tags={"a"}))
    rows = list(csv.reader(io.StringIO(as_csv(preview).removeprefix("\ufeff")), delimiter=";"))

    assert [row[1] for row in rows[1:]] == [
        "newly violated",
        "no longer violated",
        "could not tell",
        "field",
        "message to the customer",
        "internal note",
        "new ticket",
    ]


def test_time_is_counted_by_the_accounts_limit() -> None:
    assert [minutes(calls) for calls in (0, 1, 100, 101)] == [0, 1, 1, 2]
