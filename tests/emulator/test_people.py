"""People, identities, groups and memberships (facts 4)."""

from tests.emulator.conftest import Desk


def test_a_user_has_every_key_of_a_real_one(desk: Desk) -> None:
    assert set(desk.http.get(f"/api/v2/users/{desk.user('Carla Souza')}").json()["user"]) == {
        "id", "url", "name", "email", "created_at", "updated_at", "time_zone", "iana_time_zone", "phone",
        "shared_phone_number", "photo", "locale_id", "locale", "organization_id", "role", "verified", "external_id",
        "tags", "alias", "active", "shared", "shared_agent", "last_login_at", "two_factor_auth_enabled", "signature",
        "details", "notes", "role_type", "custom_role_id", "moderator", "ticket_restriction", "only_private_comments",
        "restricted_agent", "suspended", "default_group_id", "report_csv", "user_fields",
    }  # fmt: skip


def test_roles_and_their_types(desk: Desk) -> None:
    users = {user["name"]: user for user in desk.http.get("/api/v2/users").json()["users"]}

    assert [(users[name]["role"], users[name]["role_type"]) for name in ("Ana Prado", "Paulo Dias", "Léa Leve")] == [
        ("admin", 4),
        ("agent", 0),
        ("agent", 1),
    ]
    assert (users["Carla Souza"]["role"], users["Carla Souza"]["role_type"]) == ("end-user", None)
    assert users["Léa Leve"]["only_private_comments"]
    assert users["Paulo Dias"]["default_group_id"] == desk.group("Suporte")


def test_users_can_be_listed_by_role_and_searched_by_the_beginnings_of_words(desk: Desk) -> None:
    def names(path: str) -> list[str]:
        return [user["name"] for user in desk.http.get(f"/api/v2/users{path}").json()["users"]]

    assert names("?role=admin") == ["Ana Prado"]
    assert names("/search?query=souz") == ["Carla Souza"]
    assert names("/search?query=ouza") == []
    assert names("/search?query=diego@sol.example") == ["Diego Paz"]
    assert names("/search?query=role:admin") == ["Ana Prado"]
    assert names(f"/show_many?ids={desk.user('Bryan Rocha')},{desk.user('Ana Prado')}") == ["Bryan Rocha", "Ana Prado"]


def test_organizations_can_be_sideloaded_with_users(desk: Desk) -> None:
    body = desk.http.get(f"/api/v2/users/show_many?ids={desk.user('Carla Souza')}&include=organizations").json()

    assert [organization["name"] for organization in body["organizations"]] == ["Loja Azul"]


def test_organizations_can_be_listed_and_read(desk: Desk) -> None:
    listed = desk.http.get("/api/v2/organizations").json()["organizations"]

    assert [organization["name"] for organization in listed] == ["Loja Azul", "Loja Sol"]
    one = desk.http.get(f"/api/v2/organizations/{listed[1]['id']}").json()["organization"]
    assert one["group_id"] == desk.group("Financeiro")


def test_external_ids_are_found_whatever_their_case(desk: Desk) -> None:
    number = desk.user("Carla Souza")
    desk.http.put(f"/api/v2/users/{number}", json={"user": {"external_id": "Cli-1"}}).raise_for_status()

    assert [user["id"] for user in desk.http.get("/api/v2/users/search?external_id=CLI-1").json()["users"]] == [number]
    assert [user["id"] for user in desk.http.get("/api/v2/users/show_many?external_ids=cli-1").json()["users"]] == [
        number
    ]


def test_a_person_can_be_made_and_changed(desk: Desk) -> None:
    said = {"name": "Eva Lua", "email": "eva@lua.example", "role": "agent", "verified": True, "tags": ["vip"]}

    made = desk.http.post("/api/v2/users", json={"user": said})

    assert made.status_code == 201
    user = made.json()["user"]
    assert (user["name"], user["role"], user["verified"], user["tags"]) == ("Eva Lua", "agent", True, ["vip"])
    assert made.headers["Location"] == user["url"]
    again = desk.http.post("/api/v2/users", json={"user": said})
    assert (again.status_code, again.json()["details"]["email"][0]["error"]) == (422, "DuplicateValue")
    changed = desk.http.put(f"/api/v2/users/{user['id']}", json={"user": {"suspended": True, "role": "king"}})
    assert changed.status_code == 422
    desk.http.put(f"/api/v2/users/{user['id']}", json={"user": {"suspended": True}}).raise_for_status()
    assert desk.client("eva", "lua.example").get("/api/v2/tickets").status_code == 401


def test_identities_can_be_added_verified_and_made_primary(desk: Desk) -> None:
    path = f"/api/v2/users/{desk.user('Diego Paz')}/identities"
    assert [each["verification_method"] for each in desk.http.get(path).json()["identities"]] == ["none"]

    added = desk.http.post(path, json={"identity": {"type": "email", "value": "novo@sol.example"}})
    number = added.json()["identity"]["id"]
    verified = desk.http.put(f"{path}/{number}/verify").json()["identity"]
    desk.http.put(f"{path}/{number}/make_primary").raise_for_status()

    assert (added.status_code, verified["verified"], verified["verification_method"]) == (201, True, "low")
    assert desk.http.get(f"/api/v2/users/{desk.user('Diego Paz')}").json()["user"]["email"] == "novo@sol.example"
    assert desk.http.delete(f"{path}/{number}").status_code == 422
    first = desk.http.get(path).json()["identities"][0]["id"]
    assert desk.http.delete(f"{path}/{first}").status_code == 204
    assert desk.client("diego", "sol.example").get("/api/v2/users/me").json()["user"]["id"] is None


def test_an_agent_can_join_a_group_and_have_another_default(desk: Desk) -> None:
    jenyfer, suporte = desk.user("Jenyfer Lima"), desk.group("Suporte")
    said = {"group_membership": {"user_id": jenyfer, "group_id": suporte}}

    joined = desk.http.post("/api/v2/group_memberships", json=said)

    assert (joined.status_code, joined.json()["group_membership"]["default"]) == (201, False)
    assert desk.http.post("/api/v2/group_memberships", json=said).status_code == 422
    number = joined.json()["group_membership"]["id"]
    desk.http.put(f"/api/v2/users/{jenyfer}/group_memberships/{number}/make_default").raise_for_status()
    assert desk.put(desk.open()["id"], assignee_id=jenyfer).json()["ticket"]["group_id"] == suporte
