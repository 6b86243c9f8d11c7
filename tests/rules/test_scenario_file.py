"""Scenario files: what is wrong with one is said with its place and the nearest right key or name, all at once."""

import pytest

from rules.mode import Mode
from rules.problems import Unusable
from rules.scenario_file import PackNamed, pack_named_in, parse_scenarios
from rules.ticket import RONDA
from tests.rules.desk import HEAD, first_opened, on_tag, scenario, tiny_pack

PACK = tiny_pack(on_tag("tiny.a"))


def problems(text: str, head: str = HEAD) -> list[str]:
    with pytest.raises(Unusable) as unusable:
        parse_scenarios(head + text, "t.yaml", PACK)
    return [str(problem) for problem in unusable.value.problems]


def test_file_says_which_pack_it_is_for() -> None:
    assert pack_named_in("# about\npack: ../tiny.yaml\n", "t.yaml") == PackNamed("../tiny.yaml", 2, 7)


@pytest.mark.parametrize("text", ["scenarios: []\n", "pack:\n", "pack: [a]\n"])
def test_file_without_a_pack_is_refused(text: str) -> None:
    with pytest.raises(Unusable, match=r"t\.yaml:1:\d+: 'pack' must name a pack"):
        pack_named_in(text, "t.yaml")


def test_people_are_named_by_handle_full_name_or_ronda() -> None:
    text = scenario(
        """
opened: {by: paulo, requester: Carla Souza, assignee: Jenyfer Lima}
then: [{by: ronda, note: hello}]
"""
    )
    stories = parse_scenarios(HEAD + text, "t.yaml", PACK)
    opened = first_opened(stories)
    assert opened.by is stories.cast.by_name["Paulo Dias"]
    assert opened.requester == stories.cast.by_name["carla"]
    assert opened.assignee == stories.cast.by_name["Jenyfer Lima"]
    assert stories.scenarios[0].then[0].by == RONDA
    assert stories.lines == (7,)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("opened: {by: paolo}", "8:18: by: nobody is called 'paolo': no handle of 'people', no full name; did you mean 'paulo'?"),
        ("opened: {by: 7}", "8:18: by: nobody is called 7: no handle of 'people', no full name"),
        ("opened: {by: carla, group: Suport}", "8:32: group: no group is called 'Suport', neither in the pack nor under 'people'; did you mean 'Suporte'?"),
        ("opened: {by: carla}\nexpect: {violations: [tiny.b]}", "9:27: violations: no rule of the pack has the id 'tiny.b'; did you mean 'tiny.a'?"),
        ("opened: {by: carla}\nmodes: {tiny.b: warn}", "9:12: modes: no rule of the pack has the id 'tiny.b'; did you mean 'tiny.a'?"),
        ("opened: {by: carla}\nmodes: enforced", "9:12: every rule: 'enforced' is no mode; one of off, audit, warn, enforce"),
        ("opened: {by: carla, fields: {standby_reson: x}}", "8:33: fields: the pack has no custom field 'standby_reson'; did you mean 'standby_reason'?"),
        ("opened: {by: carla, fields: {standby_reason: waiting-itt}}", "8:33: fields: 'waiting-itt' is no value of 'standby_reason'; did you mean 'waiting-it'?"),
        ("opened: {by: carla, at: 2026-03-10}", "8:29: at: a moment needs its time and its offset from UTC; write 2026-03-10T11:00:00-03:00"),
        ("opened: {by: carla, at: 2026-03-10T11:00:00}", "8:29: at: a moment needs its time and its offset from UTC; write 2026-03-10T11:00:00-03:00"),
        ("opened: {by: carla, at: noon}", "8:29: at: 'noon' is no moment; write 2026-03-10T11:00:00-03:00"),
        ("opened: {by: carla, at: 12}", "8:29: at: 12 is no moment; write 2026-03-10T11:00:00-03:00"),
        ("opened: {by: carla, asignee: null}", "8:25: there is no key 'asignee'; did you mean 'assignee'?"),
        (
            "opened: {by: carla}\nexpect: {look_again: 15m}",
            "9:26: look_again: '15m' is no moment; write 2026-03-10T11:00:00-03:00, or a wait such as: in 47h50m",
        ),
        ("opened: {by: carla}\njudged: soon", "9:13: judged: 'soon' is no length of time; write 90s, 5m, 2h, 47h50m, 3d or 1w"),
        ("opened: {by: carla}\nexpect: {notes: many}", "9:21: notes: expected how many, or a list such as [{contains: [..]}], not 'many'"),
        ("opened: {by: carla}\nexpect: {notes: 10}", "9:21: notes: expected how many, or a list such as [{contains: [..]}], not 10"),
        ("opened: {by: carla}\nexpect: {replies: true}", "9:23: replies: expected how many, or a list such as [{contains: [..]}], not True"),
        ("opened: {by: carla}\nexpect: {notes: [{mention: [Bryan]}]}", "9:23: there is no key 'mention'; did you mean 'mentions'?"),
        ("opened: {by: carla}\nthen: [{by: paulo, note: a, reply: b}]", "9:12: then: one line has one comment: a note or a reply"),
        ("opened: {by: carla}\nthen: [{by: paulo}]", "9:12: then: nothing happens in this line; it needs a note, a reply or set"),
        ("opened: {by: carla}\nthen: [{by: paulo, set: {}, attachments: a.png}]", "9:12: then: attachments belong to a note or a reply"),
        ("opened: {by: carla}\nthen: [{by: paulo, set: {asignee: null}}]", "9:30: there is no key 'asignee'; did you mean 'assignee'?"),
        ("opened: {by: carla, description: x, transcript: [{by: carla, says: Oi}]}", "8:13: opened: a chat has a transcript instead of a description"),
        ("opened: {by: carla}\nexpect: {report: {a: 1}}", "7:5: scenarios: a 'report' is expected of a queue, and only of a queue"),
        ("queue: [{opened: {by: carla}}]", "7:5: scenarios: a 'report' is expected of a queue, and only of a queue"),
        ("opened: {by: carla, at: 9999-12-31T23:59:59Z}", "8:29: at: the year 9999 is out of the question"),
        ("opened: {by: carla, fields: {x: {y: 1}}}", "8:33: fields: 'x' holds no text, whole number, true, false or list of texts"),
        ("opened: {by: carla}\nworkload: {nobody: 3}", "9:24: nobody: nobody is called 'nobody': no handle of 'people', no full name"),
        ("opened: {by: carla}\nworkload: [carla]", "9:15: workload: expected keys and values"),
        ("opened: {by: carla, tags: [1]}", "8:32: tags: expected a text; numbers and the like are texts in quotes"),
        ("opened: {by: carla, transcript: Oi}", "8:37: transcript: expected a list"),
        ("todo: later", "7:5: scenarios: a scenario has either 'opened', for its ticket, or a 'queue' of tickets"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(text: str, problem: str) -> None:
    assert problems(scenario(text)) == [f"t.yaml:{problem}"]


def test_only_group_of_a_person_needs_no_list() -> None:
    text = "pack: tiny\npeople: {ina: {name: Ina Reis, groups: Suporte, tags: vip}}\nscenarios: []\n"
    ina = parse_scenarios(text, "file", tiny_pack()).cast.by_name["ina"]
    assert (ina.groups, ina.tags) == (frozenset({"Suporte"}), frozenset({"vip"}))


def test_wrong_people_are_said_first() -> None:
    head = HEAD.replace("locale: es-MX", "local: es-MX")
    assert problems("scenarios: []\n", head) == ["t.yaml:3:30: there is no key 'local'; did you mean 'locale'?"]


def test_every_problem_is_told_at_once() -> None:
    found = problems(scenario("opened: {by: nobody, group: Nowhere}\nexpct: {}"))
    assert len(found) == 3


def test_fields_that_no_pack_names_are_the_tickets_own() -> None:
    text = scenario("opened: {by: carla, fields: {pix_key: null, options: [a, b], standby_reason: null, note: 7}}")
    stories = parse_scenarios(HEAD + text, "t.yaml", PACK)
    assert first_opened(stories).fields == {
        "pix_key": None,
        "options": frozenset({"a", "b"}),
        "standby_reason": None,
        "note": 7,
    }


def test_file_about_one_queue_has_its_keys_at_the_top() -> None:
    text = HEAD + "queue:\n  - {as: a, opened: {by: carla}}\njudged: 2h\nmodes: audit\nexpect: {report: {x: 1}}\n"
    stories = parse_scenarios(text, "t.yaml", PACK)
    (story,) = stories.scenarios
    assert (story.name, story.queue[0].name, story.expect.report) == ("the queue", "a", {"x": 1})
    assert stories.lines == (6,)
    assert stories.modes == {"every rule": Mode.AUDIT}


@pytest.mark.parametrize("text", ["queue: []\nexpect: {report: {x: 1}}", "queue: [{opened: {by: carla}}]\nexpect: {}"])
def test_queue_without_tickets_or_report_is_refused(text: str) -> None:
    assert problems(text) == ["t.yaml:1:1: a queue has tickets, and a 'report' is expected of it"]


def test_wrong_key_in_a_queue_has_its_place() -> None:
    text = "queue: [{opened: {by: carla, asignee: null}}]\nexpect: {report: {x: 1}}"
    assert problems(text) == ["t.yaml:6:30: there is no key 'asignee'; did you mean 'assignee'?"]


def test_what_is_no_yaml_is_said_so() -> None:
    with pytest.raises(Unusable, match=r"t\.yaml:1:1: this is no YAML: unacceptable character"):
        pack_named_in("\0", "t.yaml")
