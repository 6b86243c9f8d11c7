"""Comments, audits, mentions and followers (facts 3)."""

import pytest

from tests.emulator.conftest import Desk


def test_a_comment_has_every_key_of_a_real_one(desk: Desk) -> None:
    comment = desk.comments(desk.open()["id"])[0]

    assert set(comment) == {
        "id", "type", "author_id", "public", "audit_id", "body", "plain_body", "html_body", "attachments", "via",
        "metadata", "created_at",
    }  # fmt: skip
    assert comment["html_body"].startswith('<div class="zd-comment')
    assert set(comment["metadata"]["system"]) == {"client", "ip_address", "location", "latitude", "longitude"}
    assert set(comment["via"]["source"]) == {"from", "to", "rel"}


def test_a_comments_id_is_its_audit_events_id(desk: Desk) -> None:
    number = desk.open()["id"]

    comment, audit = desk.comments(number)[0], desk.audits(number)[0]

    assert comment["audit_id"] == audit["id"]
    assert comment["id"] == audit["events"][0]["id"]


@pytest.mark.parametrize(("as_note", "public"), [(True, False), (False, True)])
def test_a_comment_that_does_not_say_public_is_as_public_as_the_ticket_began(
    desk: Desk, as_note: bool, public: bool
) -> None:
    number = desk.open(by="paulo", note=as_note)["id"]

    desk.put(number, comment={"body": "Oi"})

    assert desk.comments(number)[-1]["public"] is public


def test_the_author_shown_may_be_another_than_the_updater(desk: Desk) -> None:
    number = desk.open()["id"]

    audit = desk.put(number, comment={"body": "Oi", "author_id": desk.user("Paulo Dias"), "public": False}).json()[
        "audit"
    ]

    assert audit["author_id"] == desk.user("Ana Prado")
    assert audit["events"][0]["author_id"] == desk.user("Paulo Dias")


def test_an_audit_tells_who_how_and_why(desk: Desk) -> None:
    number = desk.open()["id"]

    audit = desk.put(number, priority="high", metadata={"op": "01J", "n": 1}).json()["audit"]

    assert audit["metadata"]["custom"] == {"op": "01J", "n": 1}
    assert audit["via"] == {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
    event = {key: value for key, value in audit["events"][0].items() if key != "id"}
    assert event == {"type": "Change", "field_name": "priority", "value": "high", "previous_value": None}
    assert desk.audits(number)[-1] == audit
    assert desk.http.get(f"/api/v2/tickets/{number}/audits/{audit['id']}").json()["audit"] == audit
    assert desk.http.get(f"/api/v2/tickets/{number}/audits/count").json()["count"]["value"] == 2


def test_opening_makes_create_events(desk: Desk) -> None:
    number = desk.open(set={"group": "Suporte", "tags": ["x"], "fields": {"order": "1"}})["id"]

    created = {event["field_name"]: event["value"] for event in desk.audits(number)[0]["events"][1:]}

    assert created["status"] == "new"
    assert created["group_id"] == str(desk.group("Suporte"))
    assert created["tags"] == ["x"]
    assert created[str(desk.field("Pedido"))] == "1"
    assert all(event["type"] == "Create" for event in desk.audits(number)[0]["events"][1:])


def test_ids_in_audit_events_can_be_numbers(desk: Desk) -> None:
    """Unconfirmed: a switch."""
    desk.switch(audit_ids="integer")
    number = desk.open(set={"group": "Suporte"})["id"]

    values = {event.get("field_name"): event.get("value") for event in desk.audits(number)[0]["events"]}
    assert values["group_id"] == desk.group("Suporte")


def test_an_email_comment_names_the_addresses(desk: Desk) -> None:
    number = desk.open(by="carla", channel="email")["id"]

    via = desk.comments(number)[0]["via"]

    assert via["channel"] == "email"
    assert via["source"]["from"]["address"] == "carla@azul.example"


def test_html_is_stripped_from_body_and_kept_in_html_body(desk: Desk) -> None:
    number = desk.open()["id"]

    desk.put(number, comment={"html_body": "<p>Olá <b>Carla</b></p><p>Tchau</p>", "public": False})

    comment = desk.comments(number)[-1]
    assert comment["body"] == "Olá Carla\n\nTchau"
    assert "<b>Carla</b>" in comment["html_body"]


def test_escaped_markup_is_text_and_is_not_stripped_again(desk: Desk) -> None:
    number = desk.open()["id"]

    desk.put(number, comment={"html_body": "<p>use &lt;b&gt;negrito&lt;/b&gt; &amp;amp;</p>", "public": False})

    assert desk.comments(number)[-1]["plain_body"] == "use <b>negrito</b> &amp;"


def test_markup_in_a_plain_body_is_stripped(desk: Desk) -> None:
    number = desk.open()["id"]

    desk.put(number, comment={"body": "um <b>banner</b>, 1 < 2", "public": False})

    assert desk.comments(number)[-1]["body"] == "um banner, 1 < 2"


def test_hard_spaces_stand_in_plain_body_as_entities(desk: Desk) -> None:
    number = desk.open()["id"]

    desk.put(number, comment={"html_body": "<p>a&nbsp;b</p>", "public": False})

    assert desk.comments(number)[-1]["plain_body"] == "a&nbsp;b"


def test_an_email_comment_is_marked_as_styled_by_its_author(desk: Desk) -> None:
    number = desk.open(by="carla", channel="email")["id"]
    desk.act(by="paulo", ticket=number, note="n")

    styled = ["zd-comment-pre-styled" in comment["html_body"] for comment in desk.comments(number)]
    assert styled == [True, False]


def test_a_number_sign_links_to_the_ticket(desk: Desk) -> None:
    number = desk.open(description="Veja #12 & <b>")["id"]

    assert '<a href="/agent/tickets/12" rel="ticket">#12</a> &amp;' in desk.comments(number)[0]["html_body"]


def test_repeated_spaces_and_lines_collapse(desk: Desk) -> None:
    number = desk.open()["id"]

    desk.put(number, comment={"body": "a   b\n\n\n\nc", "public": False})

    assert desk.comments(number)[-1]["body"] == "a b\n\nc"


def test_a_comment_is_cut_silently_at_64_kb(desk: Desk) -> None:
    number = desk.open()["id"]

    assert desk.put(number, comment={"body": "é" * 50_000, "public": False}).status_code == 200
    assert len(desk.comments(number)[-1]["body"].encode()) == 64 * 1024


def test_placeholders_in_an_agents_comment_are_expanded(desk: Desk) -> None:
    number = desk.open()["id"]

    desk.put(number, comment={"body": "Chamado {{ticket.id}} {{nada}} \\{{ticket.id}}", "public": False})

    assert desk.comments(number)[-1]["body"] == f"Chamado {number} {{{{ticket.id}}}}"


def test_placeholders_of_customers_stay(desk: Desk) -> None:
    assert desk.open(by="carla", description="{{ticket.id}}")["description"] == "{{ticket.id}}"


def test_a_comment_can_be_made_private_once(desk: Desk) -> None:
    number = desk.open()["id"]
    comment = desk.comments(number)[0]["id"]

    assert desk.http.put(f"/api/v2/tickets/{number}/comments/{comment}/make_private").status_code == 200

    assert desk.comments(number)[0]["public"] is False
    assert desk.ticket(number)["is_public"] is False
    assert desk.audits(number)[-1]["events"][0]["type"] == "CommentPrivacyChange"


def test_comments_can_be_sorted_and_sideload_their_authors(desk: Desk) -> None:
    number = desk.open()["id"]
    desk.act(by="paulo", ticket=number, note="b")

    body = desk.http.get(
        f"/api/v2/tickets/{number}/comments", params={"sort": "-created_at", "include": "users"}
    ).json()

    assert [comment["body"] for comment in body["comments"]] == ["b", "O banner não aparece."]
    assert {user["name"] for user in body["users"]} == {"Carla Souza", "Paulo Dias"}


class TestMentions:
    def test_a_mentioned_agent_becomes_a_follower(self, desk: Desk) -> None:
        number = desk.open()["id"]

        desk.act(by="paulo", ticket=number, note="@jenyfer lima e @Bryan Rocha, podem ver?")

        assert desk.ticket(number)["follower_ids"] == [desk.user("Jenyfer Lima"), desk.user("Bryan Rocha")]
        event = desk.audits(number)[-1]["events"][-1]
        assert (event["type"], event["previous_followers"]) == ("FollowerChange", [])

    @pytest.mark.parametrize("who", ["leve", "carla"])
    def test_light_agents_and_customers_mention_nobody(self, desk: Desk, who: str) -> None:
        number = desk.open()["id"]

        desk.act(by=who, ticket=number, note="@Jenyfer Lima")

        assert desk.ticket(number)["follower_ids"] == []

    def test_mentions_by_the_api_may_not_follow(self, desk: Desk) -> None:
        """Unconfirmed: a switch."""
        desk.switch(api_mentions_follow=False)
        number = desk.open()["id"]

        desk.put(number, comment={"body": "@Jenyfer Lima", "public": False})

        assert desk.ticket(number)["follower_ids"] == []

    def test_followers_can_be_put_and_deleted(self, desk: Desk) -> None:
        number = desk.open()["id"]
        bryan = str(desk.user("Bryan Rocha"))

        put = desk.put(number, followers=[{"user_id": bryan, "action": "put"}]).json()["ticket"]
        gone = desk.put(number, followers=[{"user_id": bryan, "action": "delete"}]).json()["ticket"]

        assert (put["follower_ids"], gone["follower_ids"]) == ([int(bryan)], [])
        assert put["collaborator_ids"] == [int(bryan)]

    def test_the_markup_of_a_mention_can_be_a_span(self, desk: Desk) -> None:
        """Unconfirmed: a switch."""
        desk.switch(mention_markup="span")
        number = desk.open()["id"]

        desk.act(by="paulo", ticket=number, note="@Jenyfer Lima")

        assert '<span class="mention">@Jenyfer Lima</span>' in desk.comments(number)[-1]["html_body"]


def test_a_light_agent_cannot_write_publicly(desk: Desk) -> None:
    number = desk.open()["id"]

    desk.client("leve").put(f"/api/v2/tickets/{number}", json={"ticket": {"comment": {"body": "Oi", "public": True}}})

    assert desk.comments(number)[-1]["public"] is False


def test_uploads_become_attachments(desk: Desk) -> None:
    number = desk.open()["id"]
    upload = desk.http.post("/api/v2/uploads?filename=a.png", content=b"png", headers={"Content-Type": "image/png"})

    assert upload.status_code == 201
    desk.put(number, comment={"body": "Segue", "public": False, "uploads": [upload.json()["upload"]["token"]]})

    attachment = desk.comments(number)[-1]["attachments"][0]
    assert (attachment["file_name"], attachment["content_type"], attachment["size"]) == ("a.png", "image/png", 3)
    assert desk.http.get(attachment["content_url"]).content == b"png"


def test_metrics_tell_when_the_status_changed_and_who_answered(desk: Desk) -> None:
    number = desk.open(set={"assignee": "paulo"})["id"]
    desk.clock(advance=60)
    desk.act(by="paulo", ticket=number, set={"status": "pending"}, reply="Vamos ver")
    changed = desk.audits(number)[-1]["created_at"]
    desk.clock(advance=60)
    desk.act(by="carla", ticket=number, reply="Ok", set={})

    metric = desk.http.get(f"/api/v2/tickets/{number}/metrics").json()["ticket_metric"]
    assert metric["replies"] == 1
    assert metric["reply_time_in_minutes"]["calendar"] == 1
    assert metric["status_updated_at"] > changed
    assert metric["requester_updated_at"] == desk.ticket(number)["updated_at"]


class TestChat:
    LINES = ({"by": "carla", "says": "Oi"}, {"by": "paulo", "says": "Olá!"})

    def test_the_transcript_is_in_the_audits_and_not_in_the_comments(self, desk: Desk) -> None:
        number = desk.open(channel="chat", description=None, transcript=self.LINES, end_chat=True)["id"]

        comments = desk.comments(number)
        assert [comment["public"] for comment in comments] == [False]
        events = [event for audit in desk.audits(number) for event in audit["events"]]
        history = next(event["value"]["history"] for event in events if event["type"] == "ChatStartedEvent")
        said = [(item["actor_type"], item["message"]) for item in history if item["type"] == "ChatMessage"]
        assert said == [("end-user", "Oi"), ("agent", "Olá!")]
        assert history[0]["timestamp"] > 1_000_000_000_000
        assert events[-1]["type"] == "ChatEndedEvent"

    def test_a_running_chat_has_no_history_yet(self, desk: Desk) -> None:
        """Unconfirmed: a switch."""
        number = desk.open(channel="chat", description=None, transcript=self.LINES)["id"]

        def history() -> int:
            events = [event for audit in desk.audits(number) for event in audit["events"]]
            return len(next(event["value"]["history"] for event in events if event["type"] == "ChatStartedEvent"))

        assert history() == 0
        desk.switch(chat_history="running")
        assert history() == 4
        desk.switch(chat_history="at-end")
        desk.act(by="paulo", ticket=number, end_chat=True)
        assert history() == 4

    def test_a_messaging_ticket_says_so(self, desk: Desk) -> None:
        ticket = desk.open(channel="whatsapp", description=None, transcript=self.LINES)

        assert (ticket["from_messaging_channel"], ticket["via"]["channel"]) == (True, "whatsapp")

    def test_mentions_do_not_work_in_live_chat(self, desk: Desk) -> None:
        number = desk.open(channel="chat", description=None, transcript=self.LINES)["id"]

        desk.act(by="paulo", ticket=number, note="@Jenyfer Lima")

        assert desk.ticket(number)["follower_ids"] == []

    def test_a_public_api_comment_on_a_chat_may_be_refused(self, desk: Desk) -> None:
        """Unconfirmed: a switch."""
        number = desk.open(channel="chat", description=None, transcript=self.LINES)["id"]

        assert desk.put(number, comment={"body": "Oi", "public": True}).status_code == 200
        desk.switch(chat_public_comment="refused")
        assert desk.put(number, comment={"body": "Oi", "public": True}).status_code == 422


def test_somebody_who_became_an_agent_can_be_mentioned(desk: Desk) -> None:
    number = desk.open()["id"]
    desk.act(by="ana", ticket=number, note="@Paulo Dias, oi")
    diego = desk.user("Diego Paz")

    desk.http.put(f"/api/v2/users/{diego}", json={"user": {"role": "agent"}}).raise_for_status()
    desk.act(by="ana", ticket=number, note="@Diego Paz, oi")

    assert diego in desk.ticket(number)["follower_ids"]
