"""Reading and updating tickets of an account whose answers pytest-httpx gives."""

from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from integration.zendesk import ZendeskGateway
from rules.snapshot import Need, Snapshot
from tests.integration.answers import ORIGIN, audit, change, comment, shown

TICKET = f"{ORIGIN}/api/v2/tickets/40211?include=users%2Cgroups%2Corganizations%2Ccomment_count"
AUDITS = f"{ORIGIN}/api/v2/tickets/40211/audits?page%5Bsize%5D=100"

pytestmark = pytest.mark.usefixtures("account")


def test_smoke(gateway: ZendeskGateway, httpx_mock: HTTPXMock) -> None:
    httpx_mock.add_response(url=TICKET, json=shown(), headers={"Date": "Sat, 21 Nov 2026 12:00:31 GMT"})
    httpx_mock.add_response(url=AUDITS, json={"audits": [audit(1, comment(), change("status", None, "open"))]})
    seen = gateway.fetch(40211, frozenset({Need.HISTORY}))
    print(seen)
