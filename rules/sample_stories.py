"""Stories nobody lived, for searching: seeded, made of a pack's own groups, people, tags, fields and topics.

A story is what a scenario file would hold (plain mappings), so one that shows something can be kept as a scenario.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from rules.checks import channels_in
from rules.condition import PRIORITIES, TYPES
from rules.pack import Pack

Story = dict[str, Any]

ELSEWHERE = "Another department"
_AGENTS = (
    ("Ana Prado", "Rui Costa"),
    ("Lia Rocha", "Davi Melo"),
    ("Sara Pinto", "Otto Lima"),
    ("Nina Reis", "Hugo Paes"),
    ("Eva Braga", "Caio Luz"),
    ("Iara Nunes", "Beto Cruz"),
)
_STATUSES = ("new", "open", "open", "pending", "hold")
_CHANNELS = ("web", "email", "api", "web_widget", "chat", "native_messaging", "whatsapp", "voice")
_WAITS = ("1m", "10m", "2h", "26h", "49h", "4d")
_PLAIN = (
    "Oi, tudo bem?",
    "Alguma novidade?",
    "O banner não aparece no celular desde ontem, já limpei o cache.",
    "Segue o pedido 12345, ref. ABC-123, CEP 01310-100, conforme solicitado na conversa.",
    "Hola, necesito ayuda con mi tienda, por favor.",
    "Alterem por favor o texto do rodapé da minha loja.",
)


@dataclass(frozen=True)
class Vocabulary:
    """What stories about tickets of one pack are made of. ``people`` is the scenario file's map."""

    people: Mapping[str, Mapping[str, Any]]
    customers: tuple[str, ...]
    agents: tuple[str, ...]
    groups: tuple[str, ...]
    tags: tuple[str, ...]
    channels: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    texts: tuple[str, ...]
    notes: tuple[str, ...]


def vocabulary_of(pack: Pack) -> Vocabulary:
    """A customer with and one without proof of who they are, two agents in each group and one elsewhere."""
    desk, rules = pack.desk, [rule.model_dump() for rule in pack.rules]
    people: dict[str, Mapping[str, Any]] = {
        "carla": {"name": "Carla Souza", "locale": "pt-BR", "verified": True, "organization": "Loja Azul"},
        "diego": {"name": "Diego Vega", "locale": "es"},
        "paulo": {"name": "Paulo Dias", "groups": [ELSEWHERE]},
    }
    for names, group in zip(_AGENTS, desk.groups, strict=False):
        people |= {name.split()[0].lower(): {"name": name, "groups": [group]} for name in names}
    agents = tuple(handle for handle, entry in people.items() if "groups" in entry)
    called = [str(people[handle]["name"]) for handle in agents] + list(desk.people)
    return Vocabulary(
        people=people,
        customers=("carla", "diego"),
        agents=(*agents, *desk.people),
        groups=(*desk.groups, ELSEWHERE),
        tags=tuple(sorted(_tags_in(rules))) or ("urgente",),
        channels=(*_CHANNELS, *sorted({word for rule in rules for word in channels_in(rule)}.difference(_CHANNELS))),
        fields={name: entry.values for name, entry in desk.fields.items() if entry and entry.values},
        texts=(*_PLAIN, *_about(pack)),
        notes=(_PLAIN[1], *_notes([*called, *(team.group for team in desk.teams.values())])),
    )


def stories(vocabulary: Vocabulary, seed: int, count: int) -> Iterator[Story]:
    """As many stories as wanted; the same seed gives the same ones."""
    random = Random(seed)
    for _ in range(count):
        yield story(vocabulary, random)


def story(words: Vocabulary, random: Random) -> Story:
    """One story: how a ticket began, up to four updates, and when it is looked at."""
    by = random.choice((*words.customers, random.choice(words.agents)))
    opened: Story = {"by": by, "channel": random.choice(words.channels), **_fields(words, random)}
    if by not in words.customers and random.random() < 0.8:
        opened["requester"] = random.choice(words.customers)
    if random.random() < 0.5:
        opened["subject"] = random.choice(words.texts)
    if opened["channel"] in ("chat", "native_messaging") and random.random() < 0.7:
        opened["transcript"] = [{"by": opened.get("requester", by), "says": random.choice(words.texts)}]
    else:
        opened["description"] = random.choice(words.texts)
        if random.random() < 0.2:
            opened["attachments"] = ["print.png"]
    then = [_update(words, random) for _ in range(random.choice((0, 1, 1, 2, 3, 4)))]
    others = [{"opened": {**opened, "channel": random.choice(_CHANNELS[:4])}}] if random.random() < 0.15 else []
    return {"name": "a ticket that was searched for", "opened": opened, "then": then, "others": others} | {
        "judged": random.choice(_WAITS)
    }


def _fields(words: Vocabulary, random: Random) -> Story:
    """Some of the fields that both an opening and an update may set."""
    every = {
        "group": random.choice(words.groups),
        "assignee": random.choice((*words.agents, None)),
        "status": random.choice(_STATUSES),
        "priority": random.choice((*PRIORITIES, None)),
        "type": random.choice((*TYPES, None)),
        "tags": [random.choice(words.tags)],
        "fields": {name: random.choice((*values, None)) for name, values in words.fields.items()},
    }
    return {key: value for key, value in every.items() if value != {} and random.random() < 0.4}


def _update(words: Vocabulary, random: Random) -> Story:
    by = random.choice((random.choice(words.customers), random.choice(words.agents), random.choice(words.agents)))
    line: Story = {"after": random.choice(_WAITS), "by": by}
    if by in words.customers:
        return {**line, "reply": random.choice(words.texts), "channel": random.choice(words.channels)}
    kind = random.choice(("note", "reply", "set", "set"))
    if kind != "set":
        return {**line, kind: random.choice(words.notes if kind == "note" else words.texts)}
    changes = _fields(words, random)
    tags = changes.pop("tags", None)
    return {**line, "set": changes | ({random.choice(("add_tags", "remove_tags")): tags} if tags else {})}


def _tags_in(node: Any, *, inside: bool = False) -> Iterator[str]:
    """Every text below a key that speaks of tags; ``motivo-*`` stands for one."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield from _tags_in(value, inside=inside or "tag" in str(key))
    elif isinstance(node, list | tuple | set | frozenset):
        for item in node:
            yield from _tags_in(item, inside=inside)
    elif inside and isinstance(node, str):
        yield node.replace("*", "x")


def _about(pack: Pack) -> Iterator[str]:
    """A sentence about each topic that has words."""
    for topic in pack.desk.topics.values():
        for word in topic.words[:2]:
            yield f"Preciso de ajuda com {word.rstrip('*')} na loja, não funciona desde ontem de manhã."


def _notes(called: list[str]) -> Iterator[str]:
    """Questions and chases that call a person or a team."""
    for name in called:
        yield f"@{name} alguma novidade?"
        yield f"@{name} podem ver este caso?"
