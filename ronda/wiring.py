"""Where adapters are built: settings in, a service's parts out. Nothing else in Ronda chooses an implementation."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib import metadata

from config.settings import Settings
from enforcement.agenda import Agenda
from enforcement.anew import ask_anew
from enforcement.brakes import Limits
from enforcement.clock import Clock
from enforcement.embedded import EmbeddedAgenda
from enforcement.in_force import acting, in_force
from enforcement.ledger import Ledger
from enforcement.look import Watch
from enforcement.rounds import Rounds, check_office_hours
from enforcement.store import open_store
from enforcement.worker import Workers
from integration.auth import ApiToken, OAuthClient
from integration.gateway import Gateway, PackNames
from integration.wire import Wire
from integration.zendesk import ZendeskGateway, connect
from ronda.emulated_clock import clock_of
from ronda.packs import load_pack
from rules.mode import Mode
from rules.pack import Pack


@dataclass(frozen=True)
class Parts:
    """A service's parts, built and not yet started."""

    settings: Settings
    pack: Pack
    clock: Clock
    gateway: ZendeskGateway
    agenda: EmbeddedAgenda
    ledger: Ledger
    workers: Workers
    rounds: Rounds


def gateway_of(settings: Settings, pack: Pack, clock: Clock, *others: Pack) -> ZendeskGateway:
    """The gateway to the account, which must have what any of the packs names. Opens nothing yet."""
    credentials = _credentials(settings)
    return connect(
        _base_url(settings),
        credentials,
        names_of(pack, *others),
        now=clock.now,
        sleep=clock.sleep,
        timeout=settings.timeout,
    )


def names_of(*packs: Pack) -> PackNames:
    """What the packs name and the account has to have. Of what two packs explain differently, the later counts."""
    desks = [pack.desk for pack in packs]
    people = {name: person for desk in desks for name, person in desk.people.items() if person is not None}
    fields = {name: each for desk in desks for name, each in desk.fields.items() if each is not None}
    return PackNames(
        groups=frozenset().union(*(desk.groups for desk in desks)),
        people=frozenset().union(*(desk.people for desk in desks)),
        fields=frozenset().union(*(desk.fields for desk in desks)),
        person_ids={name: person.id for name, person in people.items() if person.id is not None},
        field_ids={name: each.id for name, each in fields.items() if each.id is not None},
        field_titles={name: each.title for name, each in fields.items() if each.title},
    )


@contextmanager
def wire_of(settings: Settings, clock: Clock) -> Iterator[Wire]:
    """The bare wire to the account, for what sets an account up."""
    with closing(Wire(_base_url(settings), _credentials(settings), now=clock.now, sleep=time.sleep)) as wire:
        yield wire


def _base_url(settings: Settings) -> str:
    return str(settings.zendesk_url).rstrip("/")


def _credentials(settings: Settings) -> OAuthClient | ApiToken:
    if settings.oauth_client_id and settings.oauth_client_secret:
        secret = settings.oauth_client_secret.get_secret_value()
        return OAuthClient(settings.oauth_client_id, secret, settings.oauth_scope)
    assert settings.email is not None  # noqa: S101 # settings without any way to sign in are refused
    assert settings.api_token is not None  # noqa: S101 # the same
    return ApiToken(settings.email, settings.api_token.get_secret_value())


@contextmanager
def parts_of(settings: Settings) -> Iterator[Parts]:
    """Build a service and close it again: the only one that works on its data file.

    Raises Unusable (the pack), GatewayError (the account), AgendaError (the data file), ClockUnreachable.
    """
    pack = load_pack(settings.pack)
    store = open_store(settings.data)
    with ExitStack() as ending:
        clock = ending.enter_context(clock_of(settings.clock_url))
        agenda = ending.enter_context(EmbeddedAgenda(store))
        agenda.become_worker()
        gateway = ending.enter_context(closing(gateway_of(settings, pack, clock)))
        gateway.check()
        check_office_hours(gateway, pack.rules)
        ledger = ending.enter_context(closing(Ledger.open(store)))
        ledger.begin_to_enforce(acting(pack, ceiling_of(settings)), clock.now())
        watch = watch_of(settings, pack, clock, gateway, ledger, agenda)
        workers = Workers(agenda, watch.look, clock, ledger.paused, settings.workers)
        rounds = Rounds(gateway, pack.rules, watch.version, ledger, agenda, clock)
        yield Parts(settings, pack, clock, gateway, agenda, ledger, workers, rounds)


@contextmanager
def rounds_of(settings: Settings) -> Iterator[Rounds]:
    """Rounds beside a running service, or without one: what they ask waits on the data file. Raises as parts_of."""
    pack = load_pack(settings.pack)
    store = open_store(settings.data)
    with ExitStack() as ending:
        clock = ending.enter_context(clock_of(settings.clock_url))
        agenda = ending.enter_context(EmbeddedAgenda(store))
        gateway = ending.enter_context(closing(gateway_of(settings, pack, clock)))
        gateway.check()
        check_office_hours(gateway, pack.rules)
        ledger = ending.enter_context(closing(Ledger.open(store)))
        yield Rounds(gateway, pack.rules, version_of(settings, pack), ledger, agenda, clock)


def watch_of(settings: Settings, pack: Pack, clock: Clock, gateway: Gateway, ledger: Ledger, agenda: Agenda) -> Watch:
    """What looks need: the pack as it may act now, by the settings' ceiling and since each rule was first
    allowed to go so far: only the start of a service begins that."""
    ceiling = ceiling_of(settings)

    def ask_related(ticket_id: int) -> None:
        ask_anew(ledger, agenda, ticket_id, clock.now(), "related")

    return Watch(
        gateway=gateway,
        pack=in_force(pack, ledger.enforced_since(), ceiling, clock.now()),
        ledger=ledger,
        clock=clock,
        ceiling=ceiling,
        limits=Limits(settings.max_updates_per_hour, settings.max_public_messages_per_hour),
        version=version_of(settings, pack),
        ask_related=ask_related,
    )


def ceiling_of(settings: Settings) -> Mode:
    """How far any rule of this service may go."""
    return Mode[settings.mode.upper()]


def version_of(settings: Settings, pack: Pack) -> str:
    """The name of what judges: while it is the same, so is its judgement of the same ticket."""
    return f"{pack.name} {pack.digest} {ceiling_of(settings).word} {metadata.version('ronda')}"
