"""The lives of invented tickets: generators that act at the present moment and yield the next one."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

from emulator.behaviours.merging import merge, soft_delete
from emulator.generator import phrases
from emulator.generator.moments import DAY, HOUR, after, working
from emulator.generator.phrases import Matter
from emulator.generator.world import API, VOICE, WEB, WIDGET, World
from emulator.model import User, Via

# (channel, how often in a hundred)
CHANNELS = (("email", 42), ("widget", 27), ("web", 6), ("api", 5), ("chat", 9), ("whatsapp", 7), ("voice", 4))
CHATS = {"chat": Via("chat"), "whatsapp": Via("whatsapp")}
SUPPORT, WEBSITE = "Suporte", "Design / Website"
CLOSES_AFTER = 28 * DAY


@dataclass(slots=True)
class Case:
    """One ticket while it lives."""

    number: int
    customer: User
    matter: Matter
    via: Via
    facts: dict[str, Any]
    group: str = SUPPORT
    subject: str = ""
    owner: User | None = None
    said: list[str] = field(default_factory=list)


def life(world: World, now: int) -> Iterator[float]:
    """A ticket from its opening, `now`, to its end: solved and closed, deleted, merged, or never."""
    customer = world.choose(world.customers)
    channel = world.rng.choices([name for name, _ in CHANNELS], [weight for _, weight in CHANNELS])[0]
    if channel in CHATS:
        case = yield from _chatted(world, customer, channel, now)
    else:
        case = _written(world, customer, channel)
    now = world.account.clock.seconds()
    if world.chance(0.004):
        yield working(world.rng, after(world.rng, now, 2))
        soft_delete(world.account, world.agent(SUPPORT), world.account.tickets[case.number])
        return
    if world.chance(0.01) and (yield from _twice(world, case)):
        return
    yield working(world.rng, after(world.rng, world.account.clock.seconds(), 1.5))
    if case.group == SUPPORT and case.matter.group != SUPPORT and world.chance(0.88):
        yield from _handed_over(world, case)
    yield from _worked_on(world, case)
    yield from _ended(world, case)


def _fill(case: Case, world: World, options: tuple[str, ...]) -> str:
    return world.choose(options).format_map(case.facts)


def _files(world: World, share: float) -> tuple[str, ...]:
    return (world.choose(phrases.FILES),) if world.chance(share) else ()


def _written(world: World, customer: User, channel: str) -> Case:
    """Opened by e-mail, in the store's admin, on the site, by the API or by somebody who took a call."""
    matter = world.matter(customer)
    facts = world.facts(customer)
    via = {"email": world.mail_of(customer), "widget": WIDGET, "web": WEB, "api": API, "voice": VOICE}[channel]
    case = Case(0, customer, matter, via, facts)
    case.subject = _fill(case, world, matter.subjects)
    text = _fill(case, world, matter.texts)
    body = "\n\n".join(
        part for part in (world.choose(phrases.GREETINGS), text, world.choose(phrases.FAREWELLS)) if part
    )
    by = world.agent(SUPPORT) if channel == "voice" else customer
    fields: dict[int, str | None] = {}
    order, reason = world.field("order"), world.field("phone_reason")
    if order is not None and str(facts["order"]) in text:
        fields[order.id] = str(facts["order"])
    if reason is not None and channel == "voice" and world.chance(0.7):
        fields[reason.id] = world.choose(phrases.REASONS) or None
    values: dict[str, Any] = {}
    if channel != "email" and matter.group in world.groups and world.chance(0.12):
        case.group = matter.group
        values["group_id"] = world.groups[matter.group]
    if matter.group == WEBSITE and world.chance(0.15):
        values["tags"] = matter.tags
    if world.chance(0.1):
        values["priority"] = world.choose(("low", "normal", "high", "urgent"))
    ticket = world.open(by, customer, via, case.subject, body, files=_files(world, 0.3), fields=fields, values=values)
    case.number = ticket.id
    return case


def _chatted(world: World, customer: User, channel: str, now: int) -> Generator[float, None, Case]:
    """A conversation by live chat or messaging that an agent serves and then hands over, or ends."""
    matter, facts = world.matter(customer), world.facts(customer)
    subject = f"Conversa com {customer.name}"
    case = Case(0, customer, matter, CHATS[channel], facts, subject=subject)
    ticket = world.open(customer, customer, case.via, subject, subject, public=False)
    case.number = ticket.id
    agent = world.agent(SUPPORT)
    opening = [(customer, "Oi" if world.chance(0.4) else _fill(case, world, matter.texts))]
    world.chat(case.number, opening)
    yield now + 60 + 240 * world.rng.random()
    world.update(case.number, agent, WEB, values={"assignee_id": agent.id})
    said = [(agent, _fill(case, world, phrases.OPENERS) + " Como posso ajudar?")]
    said.append((customer, _fill(case, world, matter.texts)))
    if world.chance(0.6):
        said += [(agent, world.choose(phrases.ASKING)), (customer, _fill(case, world, phrases.GIVING))]
    world.chat(case.number, said)
    yield now + 600 + 900 * world.rng.random()
    group = world.groups.get(matter.group)
    if group is not None and matter.group != SUPPORT and world.chance(0.8):
        case.group = matter.group
        kept = world.chance(0.25)  # handed over with an analyst chosen, which a desk may forbid
        chosen = world.agent(matter.group).id if kept else None
        note = _hand_over_note(world, case) if world.chance(0.4) else None
        values = {"group_id": group, "assignee_id": chosen}
        world.update(case.number, agent, WEB, note, public=False, values=values)
    world.end_chat(case.number)
    return case


def _twice(world: World, case: Case) -> Generator[float, None, bool]:
    """The customer asks again on another channel; half of the times somebody merges the two."""
    yield after(world.rng, world.account.clock.seconds(), 3)
    if not world.has_room:
        return False
    via = WIDGET if case.via.channel == "email" else world.mail_of(case.customer)
    again = world.open(case.customer, case.customer, via, case.subject, _fill(case, world, case.matter.texts))
    if world.chance(0.5):
        return False
    yield working(world.rng, after(world.rng, world.account.clock.seconds(), 4))
    merge(
        world.account, world.agent(SUPPORT), again.id, [case.number],
        source_comment=None, target_comment=None, source_public=False, target_public=False,
    )  # fmt: skip
    return True


def _hand_over_note(world: World, case: Case) -> str:
    case.facts |= {"group": case.matter.group, "subject": case.subject}
    case.facts["mention"] = world.agent(case.matter.group).name
    return _fill(case, world, phrases.HANDING_OVER)


def _handed_over(world: World, case: Case) -> Iterator[float]:
    """Somebody of the support passes the ticket to the group whose matter it is."""
    group = world.groups.get(case.matter.group)
    if group is None:
        return
    agent = world.agent(SUPPORT)
    values: dict[str, Any] = {"group_id": group}
    if case.matter.group == WEBSITE:
        if world.chance(0.35):
            values["assignee_id"] = world.agent(WEBSITE).id
        if world.chance(0.15):
            values["status"] = "pending"
    note = _hand_over_note(world, case) if world.chance(0.45) else None
    world.update(case.number, agent, WEB, note, public=False, values=values)
    case.group = case.matter.group
    yield working(world.rng, after(world.rng, world.account.clock.seconds(), 3))


def _worked_on(world: World, case: Case) -> Iterator[float]:
    """Answers, questions, waiting and notes, until somebody can solve it."""
    case.owner = owner = world.agent(case.group)
    asks = world.chance(0.35)
    opener = _fill(case, world, phrases.OPENERS)
    text = f"{opener}\n\n{world.choose(phrases.ASKING if asks else phrases.WORKING)}"
    values = {
        "group_id": world.groups.get(case.group),
        "assignee_id": owner.id,
        "status": "pending" if asks else "open",
    }
    if values["group_id"] is None:
        del values["group_id"]
    world.update(case.number, owner, WEB, text, values=values)
    if asks:
        yield from _answered(world, case)
    while world.chance(0.42):
        yield working(world.rng, after(world.rng, world.account.clock.seconds(), 8))
        turn = world.rng.random()
        if turn < 0.3:
            yield from _stood_by(world, case)
        elif turn < 0.55:
            world.update(case.number, owner, WEB, world.choose(phrases.ASKING), values={"status": "pending"})
            yield from _answered(world, case)
        elif turn < 0.65:
            case.owner = owner = world.agent(case.group)
            note = _fill(case, world, phrases.NOTES) if world.chance(0.5) else None
            world.update(case.number, owner, WEB, note, public=False, values={"assignee_id": owner.id})
        elif turn < 0.75 and WEBSITE in world.groups and case.group != WEBSITE:
            case.facts["mention"], case.facts["second"] = world.agent(WEBSITE).name, world.agent(WEBSITE).name
            world.update(case.number, owner, WEB, _fill(case, world, phrases.WEBSITE_QUESTIONS), public=False)
        else:
            world.update(case.number, owner, WEB, _fill(case, world, phrases.NOTES), public=False)
    yield working(world.rng, after(world.rng, world.account.clock.seconds(), 5))


def _answered(world: World, case: Case) -> Iterator[float]:
    """The customer answers, sooner or later, seldom by another channel, sometimes not at all."""
    if world.chance(0.12):
        yield working(world.rng, world.account.clock.seconds() + 5 * DAY)
        return
    yield after(world.rng, world.account.clock.seconds(), 9)
    options = phrases.GIVING if world.chance(0.75) else phrases.CHASING
    via = case.via
    if world.chance(0.05):
        via = WIDGET if via.channel == "email" else world.mail_of(case.customer)
    world.update(case.number, case.customer, via, _fill(case, world, options), files=_files(world, 0.25))


def _stood_by(world: World, case: Case) -> Iterator[float]:
    """The ticket waits on hold with a reason; most agents keep the customer informed, some forget."""
    owner = case.owner or world.agent(case.group)
    reason = world.field("standby_reason")
    fields: dict[int, str | None] = {}
    if reason is not None and reason.options and world.chance(0.85):
        fields[reason.id] = world.choose(reason.options).value
    world.update(case.number, owner, WEB, world.choose(phrases.WORKING), values={"status": "hold"}, fields=fields)
    while world.chance(0.6):
        late = world.chance(0.25)
        yield working(
            world.rng, world.account.clock.seconds() + (60 if late else 30) * HOUR * (0.6 + world.rng.random() * 0.6)
        )
        world.update(case.number, owner, WEB, world.choose(phrases.STANDING_BY), public=world.chance(0.85))
    yield working(world.rng, after(world.rng, world.account.clock.seconds(), 20))
    fields = {} if reason is None else {reason.id: None}
    world.update(case.number, owner, WEB, values={"status": "open"}, fields=fields)


def _ended(world: World, case: Case) -> Iterator[float]:
    """Solved, maybe thanked for or reopened, and closed four weeks later; a few are written about once more."""
    if world.chance(0.03):
        return  # forgotten
    owner = case.owner or world.agent(case.group)
    tags = (*world.account.tickets[case.number].tags, *case.matter.tags)
    values = {"status": "solved", "assignee_id": owner.id, "tags": tuple(dict.fromkeys(tags))}
    world.update(case.number, owner, WEB, _fill(case, world, case.matter.answers), values=values)
    if world.chance(0.22):
        yield after(world.rng, world.account.clock.seconds(), 12)
        options = phrases.THANKS if world.chance(0.7) else phrases.REOPENING
        world.update(case.number, case.customer, case.via, world.choose(options))
        yield working(world.rng, after(world.rng, world.account.clock.seconds(), 4))
        world.update(case.number, owner, WEB, values={"status": "solved"})
    yield world.account.clock.seconds() + CLOSES_AFTER
    world.close(case.number)
    if world.chance(0.01):
        yield after(world.rng, world.account.clock.seconds(), 48)
        if not world.has_room:
            return
        via = Via("web", "follow_up", {"ticket_id": case.number, "subject": case.subject, "channel": "web"})
        world.open(
            case.customer, case.customer, via, case.subject, world.choose(phrases.REOPENING), followup_of=case.number
        )
