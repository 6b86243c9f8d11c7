"""The pack's names found in the account, or told what is wrong with them."""

from typing import Any

import pytest
from pytest_httpx import HTTPXMock
from structlog.testing import capture_logs

from integration.bridge import ZenpyBridge
from integration.directory import Directory
from integration.gateway import AccessDenied, GatewayError, PackNames, UnknownNames, UnreadableAnswer
from integration.wire import Wire
from tests.integration.answers import ADMINS, AGENTS, FIELDS, GROUPS, MEMBERSHIPS, ORIGIN, RONDA, STANDBY, user
from tests.integration.conftest import MovedClock, answer_account

MEMBERSHIPS_LIST = f"{ORIGIN}/api/v2/group_memberships.json?page[size]=100"


@pytest.fixture
def directory(wire: Wire, clock: MovedClock) -> Directory:
    return with_names(wire, clock)


def with_names(wire: Wire, clock: MovedClock, **names: Any) -> Directory:
    given: Any = {kind: frozenset(each) for kind, each in names.items()}
    return Directory(wire, ZenpyBridge(wire), PackNames(**given), clock.now)


def test_agents_know_their_groups(directory: Directory, httpx_mock: HTTPXMock) -> None:
    answer_account(httpx_mock)

    agents = directory.account().agents

    assert {person.name: set(person.groups) for person in agents.values()} == {
        "Anna Reis": {"Design / Website"},
        "Bruno Sá": {"Suporte"},
        "Ronda": set(),
    }
    assert agents[RONDA].is_ronda


def test_names_that_exist_once_are_fine(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    answer_account(httpx_mock)
    directory = with_names(wire, clock, groups=["Suporte"], people=["Anna Reis"], fields=["standby_reason"])

    directory.check()

    assert set(directory.account().fields.values()) == {"standby_reason"}
    assert directory.account().people.keys() == {"Anna Reis", "Bruno Sá"}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"groups": ["Design / Webste"]}, "group 'Design / Webste': the account has none of this name; did you mean 'Design / Website'?"),
        ({"groups": ["Xyz"]}, "group 'Xyz': the account has none of this name"),
        ({"people": ["Ana Reis"]}, "person 'Ana Reis': the account has none of this name; did you mean 'Anna Reis'?"),
        ({"fields": ["Subject"]}, "ticket field 'Subject': the account has none of this name"),
    ],
)  # fmt: skip
def test_a_name_the_account_has_not_comes_with_the_nearest_one(
    names: dict[str, list[str]], said: str, wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock)

    with pytest.raises(UnknownNames) as caught:
        with_names(wire, clock, **names).check()

    assert caught.value.problems == (said,)


def test_all_problems_are_told_at_once(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    answer_account(httpx_mock)

    with pytest.raises(UnknownNames) as caught:
        with_names(wire, clock, groups=["A", "B"], people=["C"], fields=["D"]).check()

    assert len(caught.value.problems) == 4


def test_two_people_of_a_name_the_pack_uses_are_a_problem_and_neither_is_shown(
    wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock, agents=[*AGENTS, user(903, "Anna Reis")])
    directory = with_names(wire, clock, groups=["Design / Website"], people=["Anna Reis"])

    with pytest.raises(UnknownNames, match="person 'Anna Reis': the account has 2 of this name"):
        directory.check()

    assert directory.account().people == {}


def test_namesakes_outside_the_pack_go_by_their_ids(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    memberships = [*MEMBERSHIPS, {"id": 3, "user_id": 903, "group_id": 77, "default": True}]
    answer_account(httpx_mock, agents=[*AGENTS, user(903, "Anna Reis")], group_memberships=memberships)

    people = with_names(wire, clock, groups=["Design / Website"]).account().people

    assert people.keys() == {"Anna Reis #901", "Anna Reis #903"}


def test_who_shares_a_first_name_with_somebody_of_the_pack_is_shown(
    wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock, agents=[*AGENTS, user(903, "Bruno Costa")])

    people = with_names(wire, clock, people=["Bruno Sá"]).account().people

    assert people.keys() == {"Bruno Sá", "Bruno Costa"}


def test_names_are_the_same_whatever_their_case_and_spaces(
    wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    groups = [GROUPS[0] | {"name": "design /  website"}, GROUPS[1]]
    agents = [AGENTS[0], user(902, "Bruno Sa\u0301")]
    answer_account(httpx_mock, groups=groups, agents=agents)
    directory = with_names(wire, clock, groups=["Design / Website"], people=["Bruno Sá"])

    directory.check()

    assert directory.account().groups[77] == "Design / Website"
    assert directory.account().people["Anna Reis"].groups == {"Design / Website"}
    assert directory.account().people["Bruno Sá"].id == 902


def test_who_is_suspended_is_shown_as_not_available(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    answer_account(httpx_mock, agents=[user(901, "Anna Reis", suspended=True)])

    assert not with_names(wire, clock, people=["Anna Reis"]).account().people["Anna Reis"].available


def test_a_deleted_group_is_none(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    answer_account(httpx_mock, groups=[GROUPS[0] | {"deleted": True}])

    with pytest.raises(UnknownNames):
        with_names(wire, clock, groups=["Design / Website"]).check()


def test_bad_credentials_are_told_though_zendesk_answers_200(directory: Directory, httpx_mock: HTTPXMock) -> None:
    answer_account(httpx_mock, me={"id": None, "name": "Anonymous user", "role": "end-user"})

    with pytest.raises(AccessDenied, match="does not know our credentials"):
        directory.account()


def test_the_account_is_read_again_when_it_is_old(
    directory: Directory, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock)
    directory.account()
    directory.account()
    assert me_calls(httpx_mock) == 1

    clock.sleep(15 * 60)
    directory.account()

    assert me_calls(httpx_mock) == 2


def test_unknown_names_cause_one_reading_a_minute(
    directory: Directory, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock)
    directory.account()
    for _ in range(5):
        directory.again()
    assert me_calls(httpx_mock) == 1

    clock.sleep(60)
    directory.again()
    directory.again()

    assert me_calls(httpx_mock) == 2


def test_what_was_read_is_used_on_while_zendesk_is_down(
    directory: Directory, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock)
    before = directory.account()
    httpx_mock.reset()
    httpx_mock.add_response(status_code=503, is_reusable=True)
    clock.sleep(15 * 60)

    assert directory.account() is before
    tried = len(httpx_mock.get_requests())
    assert directory.account() is before
    assert len(httpx_mock.get_requests()) == tried


STRANGE: list[dict[str, Any]] = [
    {"status_code": 403},
    {"status_code": 404},
    {"html": "<html>maintenance</html>"},
    {"json": {}},
]


@pytest.mark.parametrize("strange", STRANGE)
def test_what_was_read_is_used_on_while_a_list_cannot_be_read_and_a_person_is_told(
    strange: dict[str, Any], directory: Directory, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock)
    before = directory.account()
    httpx_mock.reset()
    httpx_mock.add_response(url=MEMBERSHIPS_LIST, **strange, is_reusable=True)
    answer_account(httpx_mock, group_memberships=None)
    clock.sleep(15 * 60)

    with capture_logs() as logs:
        for _ in range(5):
            assert directory.account() is before
            clock.sleep(60)

    assert directory.stale
    assert len(httpx_mock.get_requests(url=MEMBERSHIPS_LIST)) == 5
    assert [line["event"] for line in logs if line["log_level"] == "error"] == ["account not read again"]


def test_a_person_is_told_no_more_once_the_account_is_read_again(
    directory: Directory, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock)
    directory.account()
    httpx_mock.reset()
    httpx_mock.add_response(url=MEMBERSHIPS_LIST, status_code=403)
    answer_account(httpx_mock, groups=GROUPS[:1])
    clock.sleep(15 * 60)
    directory.account()
    clock.sleep(60)

    assert directory.account().groups.keys() == {GROUPS[0]["id"]}
    assert directory.stale == ""


def test_unknown_names_cause_one_reading_a_minute_when_it_fails_too(
    directory: Directory, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock)
    directory.account()
    httpx_mock.reset()
    httpx_mock.add_response(status_code=403, is_reusable=True)
    clock.sleep(60)

    for _ in range(5):
        directory.again()

    assert len(httpx_mock.get_requests()) == 1


@pytest.mark.parametrize("strange", STRANGE)
def test_an_account_that_was_never_read_is_none(
    strange: dict[str, Any], directory: Directory, httpx_mock: HTTPXMock
) -> None:
    httpx_mock.add_response(url=MEMBERSHIPS_LIST, **strange)
    answer_account(httpx_mock, group_memberships=None)

    with pytest.raises(GatewayError):
        directory.account()


def test_a_user_without_an_id_is_a_clear_error(directory: Directory, httpx_mock: HTTPXMock) -> None:
    answer_account(httpx_mock, agents=[{"name": "Anna Reis"}])

    with pytest.raises(UnreadableAnswer):
        directory.account()


def test_a_field_may_be_named_by_its_key(wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock) -> None:
    field = FIELDS[1] | {"title": "Motivo da espera", "key": "standby_reason"}
    answer_account(httpx_mock, ticket_fields=[field], admins=ADMINS)

    with_names(wire, clock, fields=["standby_reason"]).check()


def me_calls(httpx_mock: HTTPXMock) -> int:
    return len(httpx_mock.get_requests(url=f"{ORIGIN}/api/v2/users/me"))


def test_field_goes_by_the_title_or_the_id_that_the_pack_gives(
    wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    answer_account(httpx_mock)
    by_title = PackNames(fields=frozenset({"reason"}), field_titles={"reason": "Standby_Reason"})
    by_id = PackNames(fields=frozenset({"reason"}), field_ids={"reason": STANDBY})

    for names in (by_title, by_id):
        directory = Directory(wire, ZenpyBridge(wire), names, clock.now)
        directory.check()
        assert directory.account().fields == {STANDBY: "reason"}


def test_person_goes_by_the_id_that_the_pack_gives_and_a_namesake_by_another_name(
    wire: Wire, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    namesake = user(777, "Anna Reis", role="agent")
    answer_account(httpx_mock, agents=[*AGENTS, namesake])
    names = PackNames(people=frozenset({"Anna Reis"}), person_ids={"Anna Reis": 777})
    directory = Directory(wire, ZenpyBridge(wire), names, clock.now)

    directory.check()

    agents = directory.account().agents
    assert agents[777].name == "Anna Reis"
    assert {person.name for person in agents.values() if "#" in person.name} == {f"Anna Reis #{AGENTS[0]['id']}"}
