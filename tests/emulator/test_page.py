"""The page at `/`, by its forms over HTTP as a browser sends them, and once in a real browser."""

import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser

import httpx
import pytest

from tests.emulator.conftest import Desk
from tests.emulator.receiver import Receiver

PAGES = ("/", "/agent/tickets/new", "/agent/deliveries", "/agent/mails", "/agent/control")
BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
EVIL = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


class _Form(HTMLParser):
    """The first form whose address is the wanted one: what a browser would send if nobody touched it."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.fields: dict[str, str] = {}
        self._inside = self._done = False
        self._select: str | None = None
        self._option: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = not self._done and said.get("action") == self.action
        if not self._inside:
            return
        if tag == "input" and (said.get("type") != "radio" or "checked" in said):
            self.fields[said["name"]] = said.get("value", "")
        elif tag == "textarea":
            self._area = said["name"]
            self.fields[said["name"]] = ""
        elif tag == "select":
            self._select = said["name"]
        elif tag == "option" and self._select:
            self._option = self._select if "selected" in said or self._select not in self.fields else None
            if self._option and "value" in said:
                self.fields[self._option], self._option = said["value"], None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data
        if self._option and self._inside:
            self.fields[self._option], self._option = data, None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside:
            self._inside, self._done = False, True
        if tag == "textarea":
            self._area = None
        if tag == "select":
            self._select = self._option = None


def form_of(desk: Desk, page: str, action: str) -> dict[str, str]:
    response = desk.http.get(page)
    assert response.status_code == 200, response.text
    form = _Form(action)
    form.feed(response.text)
    assert form.fields, f"{page} has no form for {action}"
    return form.fields


def fill(desk: Desk, page: str, action: str, **said: str) -> httpx.Response:
    """Fill in a form of a page and send it, as a browser does from that page."""
    fields = form_of(desk, page, action) | said
    headers = {"Origin": desk.url, "Sec-Fetch-Site": "same-origin"}
    return desk.http.post(action, data=fields, headers=headers, follow_redirects=False)


def act(desk: Desk, number: int, **said: str) -> httpx.Response:
    return fill(desk, f"/agent/tickets/{number}", f"/agent/tickets/{number}", **said)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_can_be_seen_on_an_empty_desk(desk: Desk, page: str) -> None:
    response = desk.http.get(page)

    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert 'lang="en"' in response.text
    assert response.text.count("<h1>") == 1


def test_the_list_shows_the_last_changed_first_and_can_be_filtered(desk: Desk) -> None:
    desk.clock(running=False)
    for subject in ("Banner", "Fatura", "Login"):
        desk.open(subject=subject, set={"group": "Suporte"} if subject == "Fatura" else {})
        desk.clock(advance=1)

    def numbers(**query: str) -> list[str]:
        return re.findall(r'href="/agent/tickets/(\d+)"', desk.http.get("/", params=query).text)

    assert numbers() == ["3", "2", "1"]
    assert numbers(words="fat") == ["2"]
    assert numbers(words="#3") == ["3"]
    assert numbers(group=str(desk.group("Suporte"))) == ["2"]
    assert numbers(status="solved") == []


def test_the_list_has_pages(desk: Desk) -> None:
    for number in range(51):
        desk.open(subject=f"n{number}")

    first, second = desk.http.get("/").text, desk.http.get("/?page=2").text

    assert 'rel="next"' in first
    assert re.findall(r'href="/agent/tickets/(\d+)"', second) == ["1"]
    assert 'rel="prev"' in second


def test_anyone_can_open_a_ticket(desk: Desk) -> None:
    response = fill(
        desk, "/agent/tickets/new", "/agent/tickets/new",
        by="carla", subject="Banner", text="Não aparece", attachments="print.png", group="Suporte",
    )  # fmt: skip

    assert (response.status_code, response.headers["Location"]) == (303, "/agent/tickets/1?as=carla")
    ticket = desk.ticket(1)
    assert (ticket["subject"], ticket["via"]["channel"], ticket["group_id"]) == (
        "Banner",
        "email",
        desk.group("Suporte"),
    )
    assert [each["file_name"] for each in desk.comments(1)[0]["attachments"]] == ["print.png"]


def test_an_agent_can_reply_note_and_set_fields(desk: Desk) -> None:
    number = desk.open()["id"]

    assert act(desk, number, by="Paulo Dias", text="Vamos ver", kind="note").status_code == 303
    field = f"field_{desk.field('Motivo da espera')}"
    said = {"status": "hold", "group": "Financeiro", "assignee": "paulo", "tags": "b a", field: "waiting-it"}
    assert act(desk, number, by="paulo", text="Pronto", **said).status_code == 303

    ticket = desk.ticket(number)
    assert (ticket["status"], ticket["group_id"], ticket["tags"]) == ("hold", desk.group("Financeiro"), ["a", "b"])
    assert ticket["assignee_id"] == desk.user("Paulo Dias")
    assert [(each["body"], each["public"]) for each in desk.comments(number)[1:]] == [
        ("Vamos ver", False),
        ("Pronto", True),
    ]
    assert {each["id"]: each["value"] for each in ticket["custom_fields"]}[
        desk.field("Motivo da espera")
    ] == "waiting-it"


def test_a_form_sets_only_what_was_changed_in_it(desk: Desk) -> None:
    """Somebody else's change between showing and sending survives."""
    number = desk.open()["id"]
    fields = form_of(desk, f"/agent/tickets/{number}", f"/agent/tickets/{number}") | {"by": "paulo", "priority": "high"}
    desk.put(number, status="pending", tags=["x"])

    desk.http.post(f"/agent/tickets/{number}", data=fields)

    ticket = desk.ticket(number)
    assert (ticket["priority"], ticket["status"], ticket["tags"]) == ("high", "pending", ["x"])


def test_nothing_changed_is_no_update(desk: Desk) -> None:
    number = desk.open(set={"fields": {"order": "7"}, "tags": ["x"]})["id"]

    assert act(desk, number, by="ana").status_code == 303
    assert len(desk.audits(number)) == 1


def test_a_customer_can_talk_in_a_conversation_and_end_it(desk: Desk) -> None:
    number = desk.open(channel="chat", transcript=[{"by": "carla", "says": "Oi"}])["id"]

    act(desk, number, by="paulo", text="Olá Carla", kind="say")
    act(desk, number, by="carla", text="Tchau", kind="end")

    page = desk.http.get(f"/agent/tickets/{number}").text
    assert ": Olá Carla" in page
    assert "ChatEndedEvent" in page


def test_a_history_tells_who_did_what_by_which_rule(desk: Desk) -> None:
    trigger = {
        "title": "etiqueta",
        "conditions": {"all": [{"field": "update_type", "operator": "is", "value": "Change"}]},
        "actions": [{"field": "current_tags", "value": "vista"}],
    }
    desk.http.post("/api/v2/triggers", json={"trigger": trigger})
    number = desk.open()["id"]
    desk.act(by="paulo", ticket=number, note="ok", set={"group": "Suporte", "assignee": "paulo"})

    page = desk.http.get(f"/agent/tickets/{number}").text

    assert "assignee: none → Paulo Dias" in page
    assert "tags: none → vista (by rule (trigger) “etiqueta”)" in page
    assert "Internal note" in page


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"by": ""}, "say who acts"),
        ({"by": "palo", "text": "x"}, "did you mean &#39;paulo&#39;?"),
        ({"by": "paulo", "text": "guardado", "group": "Nenhum"}, "there is no group"),
        ({"by": "paulo", "status": "solved"}, "Zendesk would answer 422"),
    ],
)
def test_what_cannot_be_done_says_why_and_keeps_what_was_typed(desk: Desk, said: dict[str, str], why: str) -> None:
    number = desk.open()["id"]

    response = act(desk, number, **said)

    assert response.status_code == 422
    assert 'role="alert"' in response.text
    assert why in response.text
    assert said.get("text", "") in response.text
    assert len(desk.audits(number)) == 1


def test_deliveries_show_their_attempts_and_what_was_sent(desk: Desk, receiver: Receiver) -> None:
    receiver.replies = [(500, {})]
    desk.subscribe(receiver.url, "comment_added")
    number = desk.open()["id"]
    act(desk, number, by="ana", text="Olá")
    desk.idle()

    page = desk.http.get("/agent/deliveries").text
    detail = desk.http.get(re.findall(r'href="(/agent/deliveries/\w+)"', page)[0]).text

    assert "<td>ticket.comment_added</td><td>server error</td>" in page
    assert "<td>500</td>" in page
    assert "X-Zendesk-Webhook-Signature:" in detail
    assert desk.http.get("/agent/deliveries/none").status_code == 404


def test_mails_that_would_have_been_sent_are_shown(desk: Desk) -> None:
    trigger = {
        "title": "avisa",
        "conditions": {"all": [{"field": "update_type", "operator": "is", "value": "Create"}]},
        "actions": [{"field": "notification_user", "value": ["requester_id", "Recebemos #{{ticket.id}}", "Olá"]}],
    }
    desk.http.post("/api/v2/triggers", json={"trigger": trigger})
    desk.open()

    page = desk.http.get("/agent/mails").text

    assert "Recebemos #1" in page
    assert "to carla@azul.example" in page


class TestControl:
    def test_the_clock_can_be_advanced_set_and_stopped(self, desk: Desk) -> None:
        address = "/agent/control/clock"
        fill(desk, "/agent/control", address, at="2027-01-01T00:00:00Z", running="no")
        assert desk.http.get("/emulator/clock").json()["now"] == "2027-01-01T00:00:00Z"

        fill(desk, "/agent/control", address, hours="48")
        assert desk.http.get("/emulator/clock").json()["now"] == "2027-01-03T00:00:00Z"

        assert fill(desk, "/agent/control", address, hours="soon").status_code == 422
        assert fill(desk, "/agent/control", address, at="never").status_code == 422

    def test_a_fault_can_be_added_and_cleared(self, desk: Desk) -> None:
        address = "/agent/control/faults"
        fields = form_of(desk, "/agent/control", address)
        fields.pop("clear", None)
        said = fields | {"does": "answer", "status": "503", "path": "/api/v2/tickets*", "retry_after": "5"}

        assert desk.http.post(address, data=said).status_code == 303
        assert desk.http.get("/api/v2/tickets").status_code == 503

        desk.http.post(address, data=said)
        desk.http.post(address, data={"clear": "1"})
        assert desk.http.get("/api/v2/tickets").status_code == 200
        assert desk.http.post(address, data={"does": "explode"}).status_code == 422

    def test_switches_and_latency_can_be_set(self, desk: Desk) -> None:
        fill(
            desk, "/agent/control", "/agent/control/switches", search_lag="3", mention_markup="span", event_meta="false"
        )
        fill(desk, "/agent/control", "/agent/control/latency", milliseconds="2")

        switches = desk.http.get("/emulator/switches").json()["switches"]
        assert (switches["search_lag"], switches["mention_markup"], switches["event_meta"]) == (3, "span", False)
        assert desk.http.get("/emulator/latency").json() == {"milliseconds": 2}
        assert desk.http.post("/agent/control/switches", data={"search_lag": "x"}).status_code == 422


class TestSafety:
    def test_what_people_wrote_is_never_markup(self, desk: Desk) -> None:
        number = desk.open(subject=EVIL)["id"]
        desk.put(number, comment={"html_body": EVIL, "public": False}, tags=["<i>"], external_id=EVIL)

        for page in ("/", f"/agent/tickets/{number}"):
            text = desk.http.get(page).text
            assert "<img" not in text
            assert "<script>" not in text

    def test_only_its_own_script_may_run_and_nobody_may_frame_it(self, desk: Desk) -> None:
        first, second = desk.http.get("/agent/deliveries"), desk.http.get("/agent/deliveries")

        policy = first.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        nonce = re.findall(r"script-src 'nonce-([^']+)'", policy)[0]
        assert re.findall(r"<script([^>]*)>", first.text) == [f' nonce="{nonce}"']
        assert policy != second.headers["Content-Security-Policy"]

    @pytest.mark.parametrize(
        "address", ["/agent/tickets/1", "/agent/control/clock", "/emulator/act", "/emulator/reset"]
    )
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Host": "evil.example"},
        ],
    )
    def test_another_website_can_order_nothing(self, desk: Desk, address: str, headers: dict[str, str]) -> None:
        desk.open()

        response = desk.http.post(address, content=b'{"by": "ana"}', headers=headers)

        assert response.status_code == 403
        assert len(desk.audits(1)) == 1

    def test_another_website_can_read_nothing_by_a_name_of_its_own(self, desk: Desk) -> None:
        assert desk.http.get("/", headers={"Host": "evil.example"}).status_code == 403
        assert desk.http.get("/", headers={"Host": "localhost:1"}).status_code == 200

    def test_a_page_that_does_not_exist_says_so(self, desk: Desk) -> None:
        assert desk.http.get("/agent/tickets/999").status_code == 404

    @pytest.mark.parametrize(
        "content", [b"\xff\xfe", b"by=%ff&text=%00", b"by=ana&set=1", b"&&&=", b"by=ana&status=nope"]
    )
    def test_odd_forms_are_answered(self, desk: Desk, content: bytes) -> None:
        desk.open()

        for address in ("/agent/tickets/1", "/agent/tickets/new", "/agent/control/clock", "/agent/control/faults"):
            assert desk.http.post(address, content=content).status_code in (303, 422)


@pytest.mark.process
@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_a_browser_shows_a_ticket_and_runs_nothing_of_a_customer(desk: Desk) -> None:
    number = desk.open(subject=EVIL, description="O banner não aparece.")["id"]
    desk.put(number, comment={"html_body": EVIL, "public": True})

    text = dumped(f"{desk.url}/agent/tickets/{number}")

    assert "O banner não aparece." in text
    assert "<title>owned" not in text
    assert "<img" not in text


def dumped(address: str) -> str:
    """The document as the browser holds it after its scripts ran."""
    assert BROWSER is not None
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2500", "--dump-dom")
    command = [BROWSER, *flags, address]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True, encoding="utf-8")  # noqa: S603 # our own
    return done.stdout


def test_pages_of_a_reset_desk_have_no_old_tickets(reset: Callable[[str], Desk]) -> None:
    desk = reset("subdomain: outra")

    assert "outra" in desk.http.get("/").text
