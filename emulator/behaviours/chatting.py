"""Live chat and messaging: the transcript lives in the audits, not in the comments (HCHATCOM)."""

import copy

from emulator.account import Account, Written
from emulator.model import SYSTEM_USER, Audit, CommentEvent, Json, OtherEvent, Ticket, User

Line = tuple[User, str]


def start_chat(account: Account, ticket: Ticket, lines: list[Line]) -> Written:
    """Say these lines in the ticket's conversation; it begins with the first ones."""
    running = _running(account, ticket)
    number = account.ids.next("event")
    history: list[dict[str, Json]] = [] if running is None else running.content["value"]["history"]
    known = {item["actor_id"] for item in history}
    now = account.clock.now()
    for user, text in lines:
        who = {
            "actor_id": user.id,
            "actor_name": user.name,
            "actor_type": "agent" if user.is_staff else "end-user",
            "timestamp": int(now * 1000),
        }
        if user.id not in known:
            history.append({"type": "ChatJoin", "chat_index": len(history), **who})
            known.add(user.id)
        history.append({"type": "ChatMessage", "chat_index": len(history), **who, "message": text})
    for user, text in lines:
        for listener in account.message_listeners:
            listener(ticket, user, text)
    if running is not None:
        return _stored(account, ticket, ())
    value = {"chat_id": f"{account.number}.{ticket.id}", "visitor_id": f"1-{ticket.requester_id}", "history": history}
    return _stored(account, ticket, (OtherEvent(number, "ChatStartedEvent", {"value": value}),))


def end_chat(account: Account, ticket: Ticket) -> Written:
    """End the conversation; from now on the whole transcript can be read."""
    running = _running(account, ticket)
    if running is None:
        return _stored(account, ticket, ())
    value = {"chat_id": running.content["value"]["chat_id"], "visitor_id": running.content["value"]["visitor_id"]}
    ended = OtherEvent(account.ids.next("event"), "ChatEndedEvent", {"value": value})
    if not account.switches.chat_transcript_comment:
        return _stored(account, ticket, (ended,))
    text = "\n".join(
        f"{item['actor_name']}: {item['message']}"
        for item in running.content["value"]["history"]
        if item["type"] == "ChatMessage"
    )
    transcript = CommentEvent(account.ids.next("event"), ticket.requester_id, text, public=True)
    return _stored(account, ticket, (ended, transcript))


def _running(account: Account, ticket: Ticket) -> OtherEvent | None:
    """The ChatStartedEvent of a conversation that has not ended."""
    found: OtherEvent | None = None
    for audit in account.audits[ticket.id]:
        for event in audit.events:
            if isinstance(event, OtherEvent) and event.type == "ChatStartedEvent":
                found = event
            elif isinstance(event, OtherEvent) and event.type == "ChatEndedEvent":
                found = None
    return found


def _stored(account: Account, ticket: Ticket, events: tuple[OtherEvent | CommentEvent, ...]) -> Written:
    now = account.clock.seconds()
    changed = copy.copy(ticket)
    changed.generated_timestamp = now
    changed.is_public = changed.is_public or any(isinstance(event, CommentEvent) for event in events)
    if events:
        changed.updated_at = now
    audit = Audit(account.ids.next("event"), ticket.id, now, SYSTEM_USER, ticket.via, events)
    account.store(changed, audit if events else None)
    written = Written(ticket, changed, audit)
    for listener in account.listeners:
        listener(written)
    return written
