"""What was said in a conversation, from its transcript and its comments."""

from rules.conversation import by_customer, is_known, lines_of, until_taken_up
from rules.handoff import handoff_of
from tests.rules.chats import chat, handed_over
from tests.rules.tools import CARLA, ERICK, PAULO, TEAM, Story


def texts(story: Story) -> list[str]:
    return [line.text for line in lines_of(story.seen())]


def known(story: Story) -> bool:
    seen = story.seen()
    handoff = handoff_of(seen, TEAM)
    assert handoff is not None
    return is_known(seen, lines_of(seen), handoff)


def test_transcript_and_later_public_comments_are_its_lines() -> None:
    story = chat((CARLA, "Oi"), (PAULO, "Olá!")).then(PAULO, note="interno").then(CARLA, reply="E aí?")
    assert texts(story) == ["Oi", "Olá!", "E aí?"]


def test_messaging_without_a_transcript_is_read_from_its_comments() -> None:
    story = Story(by=CARLA, channel="whatsapp", description="Conversa com Carla Souza").then(CARLA, reply="Oi")
    assert texts(story) == ["Oi"]


def test_customers_lines_are_those_with_words() -> None:
    story = chat((CARLA, "Oi"), (PAULO, "Olá!"), (CARLA, " "))
    assert [line.text for line in by_customer(lines_of(story.seen()))] == ["Oi"]


def test_running_chat_without_the_customers_words_is_not_known_yet() -> None:
    assert not known(handed_over())
    assert not known(handed_over((PAULO, "Olá!"), ended=False))


def test_chat_is_known_when_it_ended_when_the_customer_spoke_or_when_it_went_on() -> None:
    assert known(handed_over((PAULO, "Olá!")))
    assert known(handed_over((CARLA, "Oi"), ended=False))
    assert known(handed_over((PAULO, "Olá!"), ended=False).then(CARLA, reply="Oi"))


def test_lines_after_the_teams_first_answer_are_left_out() -> None:
    story = handed_over((CARLA, "Oi")).then(CARLA, reply="A").then(ERICK, reply="B").then(CARLA, reply="C")
    seen = story.seen()
    handoff = handoff_of(seen, TEAM)
    assert handoff is not None
    assert [line.text for line in until_taken_up(lines_of(seen), handoff, TEAM)] == ["Oi", "A"]
