"""A chat comes to the team straight if the customer stated the matter in the first contact; otherwise it is triaged."""

import pytest

from rules.actions import Note
from rules.catalog.chat_first_contact import ChatFirstContact
from rules.ticket import NOBODY
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Violates
from tests.rules.chats import chat, handed_over
from tests.rules.tools import CARLA, ERICK, MINUTE, PAULO, TEAM, Story, check, planned

rule = ChatFirstContact(id="website.chat-first-contact", cites="A10", team=TEAM)


def test_chat_that_was_not_handed_over_is_left_alone() -> None:
    for story in (chat((CARLA, "Oi")), handed_over((CARLA, "Oi"), by=ERICK)):
        assert check(rule, story) == DoesNotApply("chat hand-off")


def test_running_chat_without_a_transcript_cannot_be_told() -> None:
    seen = handed_over().seen()
    assert check(rule, seen) == CouldNotTell("the conversation has no transcript yet", seen.as_of + 15 * MINUTE)


@pytest.mark.parametrize(
    "story",
    [
        handed_over((CARLA, "O banner sumiu")),
        handed_over((CARLA, "Oi, tudo bem?"), (CARLA, "Preciso trocar o logo")),
        handed_over((CARLA, "Oi"), (NOBODY, "Qual o assunto?"), (CARLA, "O banner sumiu")),
        handed_over((CARLA, "Oi"), (PAULO, "Em que posso ajudar?")),
        chat((CARLA, "Oi")).then(PAULO, reply="Qual página?").then(PAULO, group="Design / Website"),
    ],
    ids=["at once", "after a greeting", "to a bot", "asked in the chat", "asked by a reply"],
)
def test_stated_matter_and_asking_agent_comply(story: Story) -> None:
    assert check(rule, story) == Complies()


@pytest.mark.parametrize(
    "story",
    [
        handed_over((CARLA, "Bom dia!")),
        handed_over((CARLA, "Oi, alguém pode me ajudar?")),
        handed_over((CARLA, "Oi"), (PAULO, "Olá Carla, tudo bem?")),
        handed_over((CARLA, "Oi"), (PAULO, "Um momento."), (CARLA, "O banner sumiu")),
        handed_over((CARLA, "Oi")).then(PAULO, reply="Qual página?"),
        handed_over((PAULO, "Vou transferir")),
    ],
    ids=["greeting", "question mark", "greeted back", "told unasked", "asked too late", "customer silent"],
)
def test_chat_without_a_matter_is_to_be_triaged(story: Story) -> None:
    assert isinstance(check(rule, story), Violates)


def test_sender_is_asked_for_triage_once() -> None:
    story = handed_over((CARLA, "Oi"))
    found = {"by": "Paulo Dias"}
    cause = Cause("audit-2", story.audits[1].at)
    assert check(rule, story) == Violates(
        "violation.chat-first-contact", found, (Note("note.chat-first-contact", found, (PAULO,)),), (cause,)
    )
    told = planned(rule, story).updates[0].told
    assert planned(rule, story.then(PAULO, note="...", told=told)).is_empty
