"""Before a chat is handed to the team, whoever serves it makes sure that it is about the site."""

from rules.actions import Note, SetGroup
from rules.catalog.chat_scope import ChatScope, Foreign
from rules.topic import Topic
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Violates
from tests.rules.chats import chat, handed_over
from tests.rules.tools import CARLA, DAY, ERICK, MINUTE, PAULO, RITA, TEAM, WEBSITE, Story, check, planned

PRICE = Foreign(topic=Topic(words=("preço*", "quanto custa")), belongs_to="Financeiro")
PAYMENT = Foreign(topic=Topic(words=("boleto", "cartão")), belongs_to="Módulo de Pagamento")
OURS = (Topic(words=("banner", "menu")),)
rule = ChatScope(id="website.chat-scope", cites="A9", team=TEAM, foreign=(PRICE, PAYMENT), ours=OURS)
moving = rule.model_copy(update={"move_back": True})


def violation(story: Story, of: ChatScope = rule) -> Violates:
    verdict = check(of, story)
    assert isinstance(verdict, Violates)
    return verdict


def test_chat_that_was_not_handed_over_is_left_alone() -> None:
    for story in (chat((CARLA, "Quanto custa?")), handed_over((CARLA, "Quanto custa?"), by=ERICK)):
        assert check(rule, story) == DoesNotApply("chat hand-off")


def test_words_that_are_not_foreign_comply() -> None:
    assert check(rule, handed_over((CARLA, "Estou com um problema no site"))) == Complies()


def test_foreign_words_beside_a_real_topic_of_the_team_comply() -> None:
    assert check(rule, handed_over((CARLA, "Os preços"), (CARLA, "no banner sumiram"))) == Complies()


def test_what_an_agent_says_is_not_the_customers_word() -> None:
    assert check(rule, handed_over((CARLA, "Oi"), (PAULO, "É sobre preço?"))) == Complies()


def test_what_is_said_after_the_team_took_it_up_does_not_count() -> None:
    story = handed_over((CARLA, "Oi")).then(ERICK, reply="Olá").then(CARLA, reply="E o boleto?")
    assert check(rule, story) == Complies()


def test_running_chat_without_a_transcript_is_looked_at_again_for_a_day() -> None:
    story = handed_over()
    first = story.seen()
    assert check(rule, first) == CouldNotTell("the conversation has no transcript yet", first.as_of + 15 * MINUTE)
    last = story.seen(after=DAY - 15 * MINUTE)
    assert check(rule, last) == CouldNotTell("the conversation has no transcript yet", story.at + DAY)
    assert check(rule, story.seen(after=DAY)) == CouldNotTell("the conversation has no transcript yet")


def test_bare_word_site_does_not_make_a_price_the_teams_matter() -> None:
    story = handed_over((CARLA, "Problema no site"), (CARLA, "os preços estão errados"))
    found = {"by": "Paulo Dias", "teams": "Financeiro"}
    cause = Cause("audit-2", story.audits[1].at)
    assert violation(story) == Violates(
        "violation.chat-scope", found, (Note("note.chat-scope", found, (PAULO,)),), (cause,)
    )


def test_every_team_in_question_is_named() -> None:
    found = violation(handed_over((CARLA, "o preço no boleto"))).found
    assert found["teams"] == "Financeiro, Módulo de Pagamento"


def test_hand_off_is_told_once_and_the_next_one_anew() -> None:
    story = handed_over((CARLA, "Quanto custa?"))
    told = planned(rule, story).updates[0].told
    story.then(PAULO, note="...", told=told)
    assert violation(story).cures == ()
    story.then(PAULO, group="Suporte").then(RITA, group=WEBSITE)
    assert violation(story).found["by"] == "Rita Alves"
    assert len(violation(story).cures) == 1


def test_moving_it_back_is_a_choice() -> None:
    assert violation(handed_over((CARLA, "Quanto custa?")), moving).cures[1:] == (SetGroup("Suporte"),)


def test_chat_that_its_tag_would_fetch_again_is_not_moved_back() -> None:
    assert violation(handed_over((CARLA, "Quanto custa?"), tags={"website"}), moving).cures[1:] == ()


def test_chat_that_came_from_no_group_is_not_moved_back() -> None:
    assert violation(handed_over((CARLA, "Quanto custa?"), group=None), moving).cures[1:] == ()
