"""Two packs on one ticket: what each would do now, and what differs."""

from rules.actions import AddTags, NewTicket, Note, RemoveTags, Reply
from rules.mode import Mode
from rules.pack import Pack
from rules.preview import Difference, Doing, FieldChange, doing_of
from tests.rules.commerce import asked, commerce
from tests.rules.desk import OnTag
from tests.rules.test_explain import high, pack_of, website
from tests.rules.tools import BRYAN, CARLA, DAY, JENYFER, PAULO, WEBSITE, Story

WRONG = Story(by=PAULO, group="Suporte", tags={"website"}, status="open").seen()


def does(pack: Pack, story: Story, ceiling: Mode = Mode.ENFORCE) -> Doing:
    return doing_of(story.seen(), pack, ceiling)


def on_tag(*actions: object, name: str = "a", mode: Mode = Mode.ENFORCE) -> OnTag:
    return OnTag(id=f"tiny.{name}", mode=mode, tag=name, actions=actions)


def test_fields_are_told_with_the_rules_that_set_them() -> None:
    doing = doing_of(WRONG, website(), Mode.ENFORCE)

    assert doing.changes == (
        FieldChange(("website.group",), "group", "Suporte", WEBSITE),
        FieldChange(("website.analyst",), "assignee", None, JENYFER),
    )
    assert (doing.violated, doing.calls) == ({"website.group", "website.analyst"}, 1)


def test_a_message_is_told_in_full_with_the_rules_that_speak() -> None:
    story = asked(description="curto").then(PAULO, note="visto")
    (message, *_) = does(commerce(), story).messages

    assert (message.public, message.language, message.rules) == (True, "pt-BR", ("commerce.complete",))
    assert message.text.startswith("Olá")


def test_notes_and_replies_are_two_writes() -> None:
    pack = pack_of(on_tag(Reply("reply.greeting")), on_tag(Note("note.footer", {"tag": "x"}), name="b"))
    doing = does(pack, Story(tags={"a", "b"}))

    assert [(message.public, message.rules) for message in doing.messages] == [
        (True, ("tiny.a",)),
        (False, ("tiny.b",)),
    ]
    assert doing.calls == 2


def test_tags_are_told_as_they_would_be() -> None:
    pack = pack_of(on_tag(AddTags(frozenset({"x"})), RemoveTags(frozenset({"y"}))))

    assert does(pack, Story(tags={"a", "y"})).changes == (FieldChange(("tiny.a",), "tags", {"a", "y"}, {"a", "x"}),)


def test_marks_that_come_off_are_told() -> None:
    story = asked(tags={"faltam-dados"})

    assert does(commerce(), story).changes == (
        FieldChange(("commerce.complete",), "tags", {"faltam-dados"}, frozenset()),
    )


def test_followers_are_told_as_they_would_be() -> None:
    story = Story(by=CARLA, group="Suporte").then(PAULO, note="Time Website, alguma novidade? @Jenyfer Lima")
    (change,) = (each for each in does(website(), story).changes if each.field == "followers")

    assert (change.rules, change.after) == (("website.chasing-notes",), {BRYAN})


def test_new_tickets_are_counted_as_writes() -> None:
    pack = pack_of(on_tag(Note("note.footer", {"tag": "x"}), NewTicket(CARLA, "x", "y", "ronda:1:10")))
    doing = does(pack, Story(tags={"a"}))

    assert (doing.opened, doing.calls) == (("ronda:1:10",), 2)


def test_a_lower_ceiling_does_less_and_finds_the_same() -> None:
    doing = doing_of(WRONG, website(), Mode.AUDIT)

    assert (doing.calls, doing.changes, doing.messages) == (0, (), ())
    assert "website.group" in doing.violated


def test_rules_that_could_not_tell_are_told() -> None:
    seen = Story(by=PAULO, group=WEBSITE, status="open").seen(people={})

    assert "website.analyst" in doing_of(seen, website(), Mode.ENFORCE).unclear


def test_what_differs_is_told_by_rule() -> None:
    present, new = pack_of(high()), pack_of(high(priority="low"), on_tag())
    story = Story(priority="high", tags={"a"})
    forth = Difference(1, does(present, story), does(new, story))
    back = Difference(1, does(new, story), does(present, story))

    assert (forth.newly_violated, forth.no_longer_violated) == ({"tiny.high", "tiny.a"}, frozenset())
    assert (back.newly_violated, back.no_longer_violated) == (frozenset(), {"tiny.high", "tiny.a"})
    assert forth.is_any
    assert not Difference(1, does(new, story), does(new, story)).is_any


def test_a_message_says_whose_promise_it_keeps() -> None:
    story = asked(group="Suporte").then(PAULO, status="hold")
    doing = doing_of(story.seen(after=3 * DAY), commerce(), Mode.ENFORCE)

    assert "commerce.stand-by" in {rule for message in doing.messages for rule in message.rules}
