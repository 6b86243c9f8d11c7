"""One look without a Zendesk: judge, plan, apply the whole plan to values, and judge again."""

from dataclasses import dataclass, replace

from rules.actions import NewTicket
from rules.apply import applied
from rules.judge import Judgement, judge
from rules.pack import Pack
from rules.plan import Plan
from rules.planner import plan
from rules.snapshot import Snapshot
from rules.ticket import RONDA, Ticket, Via


@dataclass(frozen=True, slots=True)
class Look:
    """What was judged and planned, and what another look at once would say and plan. ``afterwards`` is what it sees."""

    judgement: Judgement
    plan: Plan
    afterwards: Snapshot
    again: Judgement
    plan_again: Plan

    @property
    def converges(self) -> bool:
        return self.plan_again.is_empty


def look_at(seen: Snapshot, pack: Pack) -> Look:
    judgement = judge(pack.rules, seen, pack.desk.exemptions)
    planned = plan(judgement, pack.messages, pack.desk.language)
    afterwards = carried_out(seen, planned)
    again = judge(pack.rules, afterwards, pack.desk.exemptions)
    return Look(judgement, planned, afterwards, again, plan(again, pack.messages, pack.desk.language))


def carried_out(seen: Snapshot, planned: Plan) -> Snapshot:
    """The snapshot after every update of a plan, all at once, and with the tickets it opens."""
    after = seen
    for update in planned.updates:
        after = applied(after, update, seen.as_of)
    opened = tuple(_opened(ticket, seen, number) for number, ticket in enumerate(planned.tickets, 1))
    of_requester = tuple(ticket for ticket in opened if ticket.requester == seen.ticket.requester)
    return replace(after, requester_tickets=(*seen.requester_tickets, *of_requester))


def _opened(ticket: NewTicket, seen: Snapshot, number: int) -> Ticket:
    taken = max(other.id for other in (seen.ticket, *seen.requester_tickets))
    return Ticket(
        id=taken + number,
        created_at=seen.as_of,
        updated_at=seen.as_of,
        requester=ticket.requester,
        submitter=RONDA,
        via=Via("api"),
        subject=ticket.subject,
        description=ticket.text,
        group=ticket.group,
        tags=ticket.tags,
        organization=ticket.requester.organization,
        external_id=ticket.external_id,
    )
