"""What changes is in the data file after the request, people too, and a desk that was read is as small as it was."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from emulator.app import create_app
from emulator.desk_file import parse_desk
from emulator.generator import built_in_desk, populate
from emulator.keeping import Keeper
from emulator.zendesk import Zendesk
from tests.emulator.conftest import DESK

CARLA, DIEGO = "{carla}", "{diego}"
CALLS: list[tuple[str, str, Any]] = [
    ("PUT", f"users/{CARLA}", {"user": {"suspended": True, "alias": "c"}}),
    ("PUT", f"users/{CARLA}", {"user": {"role": "agent"}}),
    ("DELETE", f"users/{CARLA}", None),
    ("POST", "users", {"user": {"name": "Nova", "email": "nova@lua.example"}}),
    ("POST", f"users/{CARLA}/identities", {"identity": {"type": "email", "value": "c3@lua.example"}}),
    ("PUT", f"users/{DIEGO}/identities/{{diegos}}/verify", None),
    ("PUT", f"users/{CARLA}/identities/{{second}}/make_primary", None),
    ("DELETE", f"users/{CARLA}/identities/{{second}}", None),
    ("PUT", "tickets/1/mark_as_spam", None),
    ("POST", "tickets", {"ticket": {"comment": {"body": "x"}, "requester": {"name": "N", "email": "n@lua.example"}}}),
]


def ids(zendesk: Zendesk) -> dict[str, int]:
    users = {user.handle: user.id for user in zendesk.account.users.values()}
    identities = {each.value: each.id for each in zendesk.account.identities.values()}
    return {
        "carla": users["carla"],
        "diego": users["diego"],
        "second": identities["c2@azul.example"],
        "diegos": identities["diego@sol.example"],
    }


async def call(zendesk: Zendesk, method: str, path: str, said: Any) -> httpx.Response:
    transport = httpx.ASGITransport(create_app(zendesk))
    auth = ("ana@loja.example/token", "old-token")
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", auth=auth) as client:
        return await client.request(method, f"/api/v2/{path}", json=said)


@pytest.mark.parametrize(("method", "path", "said"), CALLS)
def test_every_way_of_changing_people_reaches_the_file(tmp_path: Path, method: str, path: str, said: Any) -> None:
    keeper = Keeper(tmp_path / "kept.sqlite")
    zendesk = Zendesk(parse_desk(DESK + "tickets: [{by: carla, description: Oi}]"), keeper)
    zendesk.save()
    before = keeper_rows(tmp_path / "kept.sqlite")

    response = asyncio.run(call(zendesk, method, path.format_map(ids(zendesk)), said))

    assert response.status_code < 300, response.text
    assert keeper_rows(tmp_path / "kept.sqlite") == (zendesk.account.users, zendesk.account.identities) != before
    keeper.close()


def keeper_rows(path: Path) -> tuple[Any, Any]:
    """People and identities as a second reader of the file gets them."""
    keeper = Keeper(path)
    account = Zendesk(parse_desk(DESK), keeper).account
    keeper.close()
    return account.users, account.identities


def test_an_invented_desk_that_is_read_is_the_same_and_shares_what_is_equal(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "desk.sqlite")
    made = Zendesk(built_in_desk(), keeper)
    populate(made.account, 150, 3, 1_795_219_200)
    made.save()

    read = Zendesk(built_in_desk(), keeper).account

    assert read.tickets == made.account.tickets
    assert read.audits == made.account.audits
    assert read.audit_log == made.account.audit_log
    assert read.changes == sorted((ticket.generated_timestamp, number) for number, ticket in read.tickets.items())
    vias = [audit.via for audit in read.audit_log]
    assert len({id(via) for via in vias}) == len({repr(via) for via in vias})
    assert {type(event.created) for audit in read.audit_log for event in audit.events if hasattr(event, "created")} == {
        bool
    }
    keeper.close()
