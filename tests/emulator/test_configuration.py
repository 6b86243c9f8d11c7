"""Fields, forms, statuses, brands, schedules and settings (facts 4)."""

from collections.abc import Callable

from tests.emulator.conftest import Desk


def test_system_and_custom_fields_have_their_options(desk: Desk) -> None:
    fields = {field["title"]: field for field in desk.http.get("/api/v2/ticket_fields").json()["ticket_fields"]}

    assert [option["value"] for option in fields["Motivo da espera"]["custom_field_options"]] == [
        "waiting-it",
        "propagation",
    ]
    assert {option["value"] for option in fields["Priority"]["system_field_options"]} == {
        "low",
        "normal",
        "high",
        "urgent",
    }
    assert (fields["Pedido"]["removable"], fields["Subject"]["removable"]) == (True, False)


def test_a_value_that_a_field_does_not_allow_is_422(desk: Desk) -> None:
    number, field = desk.open()["id"], desk.field("Motivo da espera")

    refused = desk.put(number, custom_fields=[{"id": field, "value": "never"}])
    made = desk.put(number, custom_fields=[{"id": field, "value": "waiting-it"}, {"id": 1, "value": "ignored"}])

    assert refused.status_code == 422
    assert {"id": field, "value": "waiting-it"} in made.json()["ticket"]["custom_fields"]


def test_every_kind_of_field_keeps_what_it_is_given(reset: Callable[[str], Desk]) -> None:
    kinds = {
        "checkbox": (True, True),
        "integer": ("7", 7),
        "decimal": ("1.50", "1.5"),
        "date": ("2026-11-21", "2026-11-21"),
        "textarea": ("a\nb", "a\nb"),
        "multiselect": (["a", "b"], ["a", "b"]),
    }
    lines = "\n".join(f"  {kind}: {{type: {kind}, options: [a, b]}}" for kind in kinds)
    desk = reset(f"ticket_fields:\n{lines}")
    ids = {kind: desk.field(kind) for kind in kinds}

    said = [{"id": ids[kind], "value": given} for kind, (given, _) in kinds.items()]
    ticket = desk.put(desk.open()["id"], custom_fields=said).json()["ticket"]

    values = {field["id"]: field["value"] for field in ticket["custom_fields"]}
    assert values == {ids[kind]: kept for kind, (_, kept) in kinds.items()}


def test_an_unset_checkbox_is_false(reset: Callable[[str], Desk]) -> None:
    desk = reset("ticket_fields: {vip: {type: checkbox}}")

    assert desk.open()["custom_fields"][0]["value"] is False


def test_a_form_names_its_fields(reset: Callable[[str], Desk]) -> None:
    desk = reset("ticket_forms: [{name: Loja, fields: [order]}, Outra]")

    forms = desk.http.get("/api/v2/ticket_forms").json()["ticket_forms"]

    assert [(form["name"], form["default"]) for form in forms] == [("Loja", True), ("Outra", False)]
    assert desk.field("Pedido") in forms[0]["ticket_field_ids"]
    assert desk.field("Motivo da espera") not in forms[0]["ticket_field_ids"]
    assert desk.open(set={"form": "Outra"})["ticket_form_id"] == forms[1]["id"]


def test_statuses_are_filtered_and_not_paged(desk: Desk) -> None:
    body = desk.http.get("/api/v2/custom_statuses", params={"default": "true"}).json()

    assert [status["status_category"] for status in body["custom_statuses"]] == [
        "new",
        "open",
        "pending",
        "hold",
        "solved",
    ]
    assert set(body) == {"custom_statuses"}


def test_schedules_count_minutes_from_sunday_and_have_holidays(reset: Callable[[str], Desk]) -> None:
    desk = reset(
        "schedules:\n"
        "  - name: Comercial\n"
        "    time_zone: Brasilia\n"
        "    hours: {monday: '09:00-18:00', saturday: '09:00-24:00'}\n"
        "    holidays: [{name: Natal, start: 2026-12-25}]\n"
    )

    (schedule,) = desk.http.get("/api/v2/business_hours/schedules").json()["schedules"]
    holidays = desk.http.get(f"/api/v2/business_hours/schedules/{schedule['id']}/holidays").json()["holidays"]

    assert schedule["intervals"] == [{"start_time": 1980, "end_time": 2520}, {"start_time": 9180, "end_time": 10080}]
    assert schedule["time_zone"] == "Brasilia"
    assert [(day["name"], day["start_date"], day["end_date"]) for day in holidays] == [
        ("Natal", "2026-12-25", "2026-12-25")
    ]


def test_settings_tell_the_zone_and_what_is_on(desk: Desk) -> None:
    settings = desk.http.get("/api/v2/account/settings").json()["settings"]

    assert settings["localization"]["iana_time_zone"] == "America/Sao_Paulo"
    assert settings["tickets"]["comments_public_by_default"] is True
    assert settings["active_features"]["on_hold_status"] is True


def test_the_addresses_are_public(desk: Desk) -> None:
    assert set(desk.http.get("/ips", auth=("", "")).json()["ips"]) == {"ingress", "egress"}


def test_a_field_is_made_changed_and_deleted_with_its_values(desk: Desk) -> None:
    options = [{"name": "A", "value": "a"}, {"name": "B", "value": "b"}]
    said = {"type": "tagger", "title": "New", "custom_field_options": options[:1]}
    made = desk.http.post("/api/v2/ticket_fields", json={"ticket_field": said})
    field = made.json()["ticket_field"]["id"]
    path = f"/api/v2/ticket_fields/{field}"
    desk.http.put(path, json={"ticket_field": {"custom_field_options": options}})
    number = desk.open()["id"]
    written = desk.put(number, custom_fields=[{"id": field, "value": "b"}])
    gone = desk.http.delete(path)

    assert (made.status_code, written.status_code, gone.status_code) == (201, 200, 204)
    assert {"id": field, "value": "b"} in written.json()["ticket"]["custom_fields"]
    left = desk.http.get(f"/api/v2/tickets/{number}").json()["ticket"]["custom_fields"]
    assert field not in {each["id"] for each in left}


def test_fields_that_cannot_be_are_422(desk: Desk) -> None:
    system = next(each["id"] for each in desk.http.get("/api/v2/ticket_fields").json()["ticket_fields"])
    wrong = [{"title": ""}, {"title": "x", "type": "y"}, {"title": "x", "type": "tagger"}]

    answers = [desk.http.post("/api/v2/ticket_fields", json={"ticket_field": each}) for each in wrong]
    assert [each.status_code for each in answers] == [422, 422, 422]
    assert desk.http.delete(f"/api/v2/ticket_fields/{system}").status_code == 422
