"""What `ronda doctor` asks of the account: token and user, clock and limits, the pack's names, triggers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from config.settings import Settings
from integration.connection import rules_of
from integration.identity import API_TOKENS_END, AccountState, Identity, state_of
from integration.names import AccountNames, names_in
from integration.parse import Json
from integration.wire import Wire
from ronda.check import Check, ok, warning, wrong
from ronda.fighting import Fight, fights, mails_comments
from ronda.naming import doubts_of
from rules.mode import Mode
from rules.pack import Pack

SKEW, TOO_MUCH_SKEW = 15, 120  # seconds
SCARCE = 0.3  # of a minute's requests; below a smaller share we hold back by ourselves
OTHERS = "see which other apps use the API: Admin Center > Apps and integrations > APIs > API usage"

# The kinds of rules whose cure may be a public reply.
REPLYING = frozenset({"complete", "confidential", "identity", "official_channel", "stand_by"})


@dataclass
class Examined:
    """The account, as far as it was asked; what several checks need is read once."""

    wire: Wire
    settings: Settings
    pack: Pack
    identity: Identity

    @cached_property
    def names(self) -> AccountNames:
        return names_in(self.wire)

    @cached_property
    def state(self) -> AccountState:
        return state_of(self.wire)

    @cached_property
    def triggers(self) -> list[Json]:
        return list(rules_of(self.wire, "triggers"))

    @cached_property
    def automations(self) -> list[Json]:
        return list(rules_of(self.wire, "automations"))


def _scopes(seen: Examined) -> Check:
    if seen.identity.scopes is None:
        return ok("scopes", "an API token may do what its user may")
    missing = set(seen.settings.oauth_scope.split()) - set(seen.identity.scopes)
    if missing:
        return wrong("scopes", f"not granted: {', '.join(sorted(missing))}", "give them to the OAuth client")
    return ok("scopes", " ".join(seen.identity.scopes))


def _token_end(seen: Examined) -> Check:
    if seen.identity.scopes is not None:
        return ok("token end", "none: tokens are renewed by themselves")
    days = (API_TOKENS_END - datetime.now(UTC).date()).days
    said = f"the API token stops on {API_TOKENS_END:%d %B %Y}, in {days} days"
    return (warning if days > 30 else wrong)("token end", said, "make an OAuth client (ronda init says how)")


def _user(seen: Examined) -> Check:
    identity = seen.identity
    if identity.is_unrestricted_admin:
        return ok("user", "an unrestricted admin")
    what = (
        identity.role
        + (f", sees only {identity.restriction} tickets" if identity.restriction else "")
        + (", writes no public comments" if identity.only_private_comments else "")
    )
    return wrong("user", f"user {identity.id} is {what}", "make it an unrestricted admin: Admin Center > People")


def _clock(seen: Examined) -> Check:
    theirs = seen.identity.zendesk_time
    if theirs is None:
        return warning("clock", "Zendesk told no time", "try again")
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    if skew <= SKEW:
        return ok("clock", "agrees with Zendesk's")
    said = f"this machine's clock is {skew:.0f} s off Zendesk's"
    return (wrong if skew > TOO_MUCH_SKEW else warning)("clock", said, "set it by NTP (timedatectl set-ntp true)")


def _rate_limit(seen: Examined) -> Check:
    left, limit = seen.state.remaining, seen.state.limit
    if left is None or limit is None:
        return ok("rate limit", "not told")
    said = f"{left} of {limit} requests left in this minute"
    if left < limit * SCARCE:
        return warning("rate limit", said, OTHERS)
    return ok("rate limit", said)


def _names(seen: Examined) -> Check:
    doubts = doubts_of(seen.pack, seen.names)
    if doubts:
        return wrong("names", "; ".join(map(str, doubts)), "ronda init, or ronda connect for a ticket field")
    return ok("names", "everything the pack names is in the account, once")


def _followers(seen: Examined) -> Check:
    if seen.state.followers:
        return ok("followers", "CCs and followers are on")
    mend = "Admin Center > Objects and rules > Tickets > Settings: enable CCs and followers"
    return warning("followers", "CCs and followers are off: whom a note mentions is not told of it", mend)


def _mails(seen: Examined) -> Check:
    replying = [rule.id for rule in seen.pack.rules if rule.kind in REPLYING and rule.mode > Mode.AUDIT]
    mailing = [str(each["title"]) for each in seen.triggers if mails_comments(each)]
    if mailing:
        return ok("mails", f"trigger {mailing[0]!r} mails public comments to requesters, Ronda's too")
    if not replying:
        return ok("mails", "no trigger mails comments to requesters, and no rule replies")
    said = f"no active trigger mails comments to requesters: replies by {', '.join(replying)} reach nobody"
    return warning("mails", said, "activate 'Notify requester and CCs of comment update' (Admin Center > Triggers)")


def _triggers(seen: Examined) -> Check:
    return _fights("triggers", len(seen.triggers), fights(seen.pack, seen.names, "trigger", seen.triggers))


def _automations(seen: Examined) -> Check:
    found = fights(seen.pack, seen.names, "automation", seen.automations)
    return _fights("automations", len(seen.automations), found)


def _fights(name: str, count: int, found: list[Fight]) -> Check:
    if not found:
        return ok(name, f"{count} active, none against a rule")
    mends = dict.fromkeys(fight.mend for fight in found)
    return warning(name, "; ".join(map(str, found)), "; ".join(mends))


ACCOUNT_CHECKS: tuple[tuple[str, Callable[[Examined], Check]], ...] = (
    ("scopes", _scopes),
    ("token end", _token_end),
    ("user", _user),
    ("clock", _clock),
    ("rate limit", _rate_limit),
    ("names", _names),
    ("followers", _followers),
    ("mails", _mails),
    ("triggers", _triggers),
    ("automations", _automations),
)
