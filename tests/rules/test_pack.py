"""Packs: what is wrong with one is said with its place and the nearest right thing, all at once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from rules.mode import Mode
from rules.pack import Pack, parse_pack
from rules.problems import Unusable
from rules.snapshot import Need
from tests.rules.tools import OPENED, messages

PACK = """\
pack: tiny
groups: [Suporte, Design / Website]
people: {Jenyfer Lima: , Bryan: }
topics:
  domain: {words: [domínio, DNS]}
teams:
  website:
    group: Design / Website
    members: [Jenyfer Lima]
    tag: website
rules:
  - id: tiny.group
    kind: default_group
    cites: A1
    mode: enforce
    when: {group: [Suporte, null], not: {topic: domain}}
    team: website
  - id: tiny.analyst
    kind: default_analyst
    cites: A2
    gives_way_to: [tiny.group]
    team: website
    default: [Jenyfer Lima]
"""


def parse(text: str) -> Pack:
    return parse_pack(text, "tiny.yaml", messages())


def problems(text: str) -> list[str]:
    with pytest.raises(Unusable) as unusable:
        parse(text)
    return [str(problem) for problem in unusable.value.problems]


def test_pack_gives_its_rules_in_order_with_names_looked_up() -> None:
    pack = parse(PACK)
    assert [rule.id for rule in pack.rules] == ["tiny.group", "tiny.analyst"]
    assert pack.rule("tiny.group").mode is Mode.ENFORCE
    assert pack.rule("tiny.analyst").mode is Mode.AUDIT
    assert pack.name == "tiny"


def test_digest_changes_with_the_text() -> None:
    assert parse(PACK).digest != parse(PACK + "# a comment\n").digest


def test_pack_needs_the_union_of_what_its_rules_need() -> None:
    assert parse(PACK).needs == {Need.HISTORY}
    asleep = parse(PACK).with_rules({"tiny.group": {"mode": Mode.OFF}, "tiny.analyst": {"mode": Mode.OFF}})
    assert asleep.needs == frozenset()


def test_rules_can_be_changed_without_changing_the_pack() -> None:
    pack = parse(PACK)
    changed = pack.with_rules({"tiny.group": {"effective_from": OPENED}})
    assert changed.rule("tiny.group").effective_from == OPENED
    assert pack.rule("tiny.group").effective_from is None


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("mode: enfroce", "mode: enforce", "tiny.yaml:15:11: mode: 'enfroce' is no mode; one of off, audit, warn, enforce"),
        ("mode: 3.5", "mode: enforce", "tiny.yaml:15:11: mode: Input should be 0, 1, 2 or 3"),
        ("mdoe: enforce", "mode: enforce", "tiny.yaml:15:5: there is no key 'mdoe'; did you mean 'mode'?"),
        ("when: {gruop: [", "when: {group: [", "tiny.yaml:16:12: there is no key 'gruop'; did you mean 'group'?"),
        ("[Suport, n", "[Suporte, n", "tiny.yaml:16:20: group: no group is called 'Suport' in this pack; did you mean 'Suporte'?"),
        ("{topic: domian}", "{topic: domain}", "tiny.yaml:16:49: topic: no topic is called 'domian' in this pack; did you mean 'domain'?"),
        ("kind: default_gruop", "kind: default_group", "tiny.yaml:13:11: no rule is of kind 'default_gruop'; did you mean 'default_group'?"),
        ("team: web\n  - id", "team: website\n  - id", "tiny.yaml:17:11: team: no team is called 'web' in this pack; did you mean 'website'?"),
        ("members: [Jenifer Lima]", "members: [Jenyfer Lima]", "tiny.yaml:9:15: no person is called 'Jenifer Lima' in this pack; did you mean 'Jenyfer Lima'?"),
        ("    group: Design\n", "    group: Design / Website\n", "tiny.yaml:8:12: no group is called 'Design' in this pack; did you mean 'Design / Website'?"),
        ("gives_way_to: [tiny.grup]", "gives_way_to: [tiny.group]", "tiny.yaml:21:19: no rule has the id 'tiny.grup'; did you mean 'tiny.group'?"),
        ("tga: website", "tag: website", "tiny.yaml:10:5: there is no key 'tga'; did you mean 'tag'?"),
        ("id: tiny.group\n    kind: default_analyst", "id: tiny.analyst\n    kind: default_analyst", "tiny.yaml:18:9: two rules have the id 'tiny.group'"),
        ("id: Tiny Group", "id: tiny.group", "tiny.yaml:12:9: id: an id is pack.rule, such as desk.assignee"),
        ("pack: Tiny", "pack: tiny", "tiny.yaml:1:7: pack: expected lower-case letters, digits and hyphens"),
        ("effective_from: 2026-12-24", "mode: enforce", "tiny.yaml:15:21: effective_from: a moment needs its time and its offset from UTC; write 2026-12-24T00:00:00-03:00"),
        ("effective_from: '2026-12-24T10:00:00'", "mode: enforce", "tiny.yaml:15:21: effective_from: a moment needs its time and its offset from UTC; write 2026-12-24T10:00:00-03:00"),
        ("effective_from: soon", "mode: enforce", "tiny.yaml:15:21: effective_from: expected a moment; write 2026-11-22T00:00:00-03:00"),
        ("exemptions: [{reason: x, owner: y, expires: 2027-01-31}]\npack: tiny", "pack: tiny", "tiny.yaml:1:45: expires: a moment needs its time and its offset from UTC; write 2027-01-31T00:00:00-03:00"),
        ("title: {fr: Bonjour}", "mode: enforce", "tiny.yaml:15:17: fr: no language 'fr'; the languages are pt-BR, en, es"),
        ("mode: enforce\n\twhen:", "mode: enforce\n    when:", "tiny.yaml:16:1: a tab; indent with spaces"),
        ("words: ['*']", "words: [domínio, DNS]", "tiny.yaml:5:19: words: '*' has no letter or digit to look for"),
        ("patterns: ['(']", "words: [domínio, DNS]", "tiny.yaml:5:22: patterns: '(' is no RE2 pattern: missing ): ("),
        ("patterns: ['a*']", "words: [domínio, DNS]", "tiny.yaml:5:22: patterns: 'a*' matches empty text, so it would match everything"),
        ("patterns: ['ção']", "words: [domínio, DNS]", "tiny.yaml:5:22: patterns: 'ção': text is matched without accents"),
        ("pack: tiny\npack: other", "pack: tiny", "tiny.yaml:2:1: found duplicate key \"pack\""),
        ("pack: tiny\nrules: [", "pack: tiny", "tiny.yaml:4:1: "),
    ],
)  # fmt: skip
def test_mistake_is_told_with_its_place_and_the_nearest_right_thing(wrong: str, right: str, said: str) -> None:
    assert right in PACK
    found = problems(PACK.replace(right, wrong, 1))
    assert any(problem.startswith(said) for problem in found), found


WHEN = "when: {group: [Suporte, null], not: {topic: domain}}"


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("{status: [open, pendig]}", "tiny.yaml:16:27: status: no status is called 'pendig'; did you mean 'pending'?"),
        ("{status: x}", "tiny.yaml:16:20: status: no status is called 'x'; one of new, open, pending, hold, solved, closed"),
        ("{priority: hihg}", "tiny.yaml:16:22: priority: no priority is called 'hihg'; did you mean 'high'?"),
        ("{any: [{type: [qestion, null]}]}", "tiny.yaml:16:26: type: no type is called 'qestion'; did you mean 'question'?"),
        ("{channel: [email, widget]}", "tiny.yaml:16:29: channel: no channel is called 'widget'; did you mean 'web_widget'?"),
    ],
)  # fmt: skip
def test_word_that_no_ticket_has_is_told_with_the_nearest(when: str, said: str) -> None:
    assert problems(PACK.replace(WHEN, f"when: {when}")) == [said]


def test_words_of_tickets_are_fine_and_so_is_a_channel_that_is_like_no_other() -> None:
    when = "{status: [open, hold], priority: [high, null], type: question, channel: [email, tiktok]}"
    assert parse(PACK.replace(WHEN, f"when: {when}")).rules


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("official_channel, official: [e-mail, web_widget]", "official: no channel is called 'e-mail'; did you mean 'email'?"),
        ("official_channel, official: [{channel: mail}]", "official: no channel is called 'mail'; did you mean 'email'?"),
        ("phone_reason, channels: [voise]", "channels: no channel is called 'voise'; did you mean 'voice'?"),
        ("same_channel, counts_as: {api: web_wigdet}", "api: no channel is called 'web_wigdet'; did you mean 'web_widget'?"),
    ],
)  # fmt: skip
def test_channel_that_looks_misspelt_is_an_error_wherever_a_rule_names_one(rule: str, said: str) -> None:
    (problem,) = problems(PACK + f"  - {{id: tiny.x, cites: A1, kind: {rule}}}\n")
    assert problem.endswith(f": {said}")


def test_default_analyst_who_is_no_member_of_the_team_is_told() -> None:
    stranger = PACK.replace("default: [Jenyfer Lima]", "default: [Jenyfer Lima, Bryan]")
    assert problems(stranger) == ["tiny.yaml:23:14: default: 'Bryan' is no member of team 'website'"]
    assert problems(stranger.replace("team: website\n    def", "team: wbsite\n    def")) == [
        "tiny.yaml:22:11: team: no team is called 'wbsite' in this pack; did you mean 'website'?"
    ]
    inline = stranger.replace("team: website\n    def", "team: {group: Suporte, members: [Jenyfer Lima]}\n    def")
    assert problems(inline) == ["tiny.yaml:23:14: default: 'Bryan' is no member of team 'Suporte'"]
    assert parse(stranger.replace("    members: [Jenyfer Lima]\n", "")).rules


def test_title_may_be_worded_in_each_language() -> None:
    pack = parse(PACK.replace("mode: enforce", "title: {pt-BR: No grupo, en: In the group}"))
    assert pack.rule("tiny.group").title == {"pt-BR": "No grupo", "en": "In the group"}


def test_moment_as_it_is_asked_for_is_read() -> None:
    rule = parse(PACK.replace("mode: enforce", "effective_from: 2026-12-24T00:00:00-03:00")).rule("tiny.group")
    assert rule.effective_from == datetime(2026, 12, 24, 3, tzinfo=UTC)


def test_every_mistake_is_told_at_once() -> None:
    broken = PACK.replace("mode: enforce", "mode: on").replace("default: [Jenyfer Lima]", "default: [Nina]")
    assert len(problems(broken)) == 2


def test_missing_key_is_told_at_its_rule() -> None:
    assert problems(PACK.replace("    default: [Jenyfer Lima]\n", "")) == ["tiny.yaml:18:5: 'default' is missing"]


def test_rule_without_a_kind_or_that_is_no_mapping_is_told() -> None:
    assert problems(PACK.replace("    kind: default_group\n", "")) == ["tiny.yaml:12:5: 'kind' is missing"]
    assert problems(PACK + "  - just text\n") == ["tiny.yaml:24:5: a rule is a mapping with id, kind, mode, cites"]


def test_rules_that_give_way_in_a_circle_are_told() -> None:
    (problem,) = problems(PACK.replace("    mode: enforce\n", "    gives_way_to: [tiny.analyst]\n"))
    assert problem.startswith("tiny.yaml:11:1: rules give way in a circle: ")


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ("{xx: {note.footer: x}}", "tiny.yaml:24:12: no language 'xx'"),
        ("{en: {note.fotter: x}}", "no message is called 'note.fotter'"),
        ("{en: {note.footer: 'stop: {tga}'}}", "'note.footer' cannot fill in {tga}; it knows {tag}"),
        ("{en: {reply.greeting: 'Hi {name}'}}", "'reply.greeting' cannot fill in {name}; it knows nothing"),
        ("{en: {note.footer: 'stop: {tag.x}'}}", "{tag.x} is more than a name"),
        ("{en: {note.footer: 'stop: {tag'}}", "expected '}' before end of string"),
        ("{en: {note.footer: x, note.fotter: x}}", "tiny.yaml:24:33: no message is called 'note.fotter'; did you mean 'note.footer'?"),
        ("{pt-BR: {reply.stand-by.waiting-it: ''}}", "'reply.stand-by.waiting-it' is empty; leave it out for the text that ships"),
        ("{es: {note.footer: ' '}}", "'note.footer' is empty"),
        ("{pt-BR: {reply.greeting: 'Olá! Violacao da regra.'}}", "tiny.yaml:24:20: 'reply.greeting' is read by customers and may not say 'violação'"),
    ],
)  # fmt: skip
def test_own_wording_is_checked_when_the_pack_is_loaded(messages: str, said: str) -> None:
    assert any(said in problem for problem in problems(PACK + f"messages: {messages}\n"))


def test_words_that_a_desk_keeps_to_itself_are_kept_from_customers() -> None:
    words = "internal_words: [equipe de suporte, setor*]\n"
    assert problems(PACK + words) == [
        "tiny.yaml:24:1: 'reply.farewell' as it ships says 'equipe de suporte' to customers; word it anew under 'messages'"
    ]
    own = "messages: {pt-BR: {reply.farewell: Até logo!, note.footer: 'Setores: {tag}'}}\n"
    assert parse(PACK + words + own).messages.text("reply.farewell", "pt-BR", {}) == "Até logo!"
    assert (
        "'reply.farewell' is read by customers and may not say 'setor*'"
        in problems(PACK + words + "messages: {pt-BR: {reply.farewell: Os setores agradecem}}\n")[0]
    )
    assert "'**' has no letter or digit" in problems(PACK + "internal_words: ['**']\n")[0]


def test_greeting_and_farewell_may_be_left_empty() -> None:
    pack = parse(PACK + "messages: {en: {reply.greeting: '', reply.farewell: ''}}\n")
    assert pack.messages.text("reply.farewell", "en", {}) == ""


def test_own_wording_replaces_the_catalogues() -> None:
    pack = parse(PACK + "messages: {en: {reply.greeting: Dear customer}}\n")
    assert pack.messages.text("reply.greeting", "en", {}) == "Dear customer"
    assert pack.messages.text("reply.greeting", "pt-BR", {}) == "Olá!"


@pytest.mark.parametrize("text", ["", "- a list", "just text", "\t: x", "x: *nobody", "{" * 200])
def test_what_is_no_pack_at_all_is_told(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize("path", sorted(Path("config/packs").glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_pack_is_right(path: Path) -> None:
    assert parse_pack(path.read_text("utf-8"), path.name, messages()).rules


def test_off_that_an_editor_turned_into_a_boolean_is_off() -> None:
    assert parse(PACK.replace("mode: enforce", "mode: false")).rule("tiny.group").mode is Mode.OFF
