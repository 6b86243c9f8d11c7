"""Recordings of traffic are held against the description (those of real Zendesks are kept elsewhere)."""

import json
from pathlib import Path
from typing import Any

import pytest

from emulator.recordings import main
from tests.emulator.conftest import Desk

LIMITS = {
    "X-Rate-Limit": "700",
    "X-Rate-Limit-Remaining": "699",
    "ratelimit-limit": "700",
    "ratelimit-remaining": "699",
    "ratelimit-reset": "41",
}
JSON = {"content-type": "application/json; charset=utf-8"}
GROUP = {
    "url": "https://loja.zendesk.example/api/v2/groups/7.json",
    "id": 7,
    "is_public": True,
    "name": "Suporte",
    "description": "",
    "default": True,
    "deleted": False,
    "created_at": "2026-11-21T12:00:00Z",
    "updated_at": "2026-11-21T12:00:00Z",
}


def recorded(path: str = "/api/v2/groups/7.json", status: int = 200, body: Any = None, **more: Any) -> dict[str, Any]:
    """A made-up recording of one group being read."""
    headers = more.get("headers", JSON | LIMITS)
    request = {"method": more.get("method", "GET"), "path": path}
    return {"request": request, "response": {"status": status, "headers": headers, "body": body}}


def compared(folder: Path, capsys: pytest.CaptureFixture[str], *recordings: dict[str, Any]) -> tuple[int, list[str]]:
    (folder / "some.json").write_text(json.dumps(list(recordings)), encoding="utf-8")
    code = main([str(folder)])
    return code, capsys.readouterr().out.splitlines()


def test_a_recording_that_is_as_described_differs_in_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = "https://loja.zendesk.example/api/v2/groups/7?include=users"

    code, lines = compared(tmp_path, capsys, recorded(body={"group": GROUP}), recorded(address, body={"group": GROUP}))

    assert (code, lines) == (0, ["2 recordings in 1 files, 0 differ"])


@pytest.mark.parametrize(
    ("recording", "said"),
    [
        (recorded(body={"group": GROUP | {"is_private": 1}}), "body.group.is_private: not described"),
        (recorded(body={"group": GROUP | {"description": None}}), "body.group.description: null, described as string"),
        (recorded(body={"group": GROUP | {"id": "7"}}), "body.group.id: string, described as integer"),
        (recorded(body={"group": {**GROUP}, "users": []}), "body.users: not described"),
        (recorded(body={}), "body.group: missing"),
        (recorded(body={"group": GROUP}, headers=JSON), "header X-Rate-Limit: missing"),
        (recorded(body="<html>", headers=LIMITS | {"Content-Type": "text/html"}), "header Content-Type: text/html, described as application/json"),
        (recorded(status=418, body={}), "status 418: not described; known: 200, 400, 401, 403, 404, 409, 413, 422, 429"),
        (recorded(status=429, body={"error": "APIRateLimitExceeded"}), "header Retry-After: missing"),
        (recorded(status=404, body={"message": "gone"}), "body.error: missing"),
        (recorded("/api/v2/sunshine", body={}), "the call is not described"),
        (recorded(method="PATCH", body={}), "the call is not described"),
        (recorded("/api/v2/tickets/1", 204, {"ticket": {}}, method="DELETE"), "body: there is one, described as none"),
    ],
)  # fmt: skip
def test_what_differs_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], recording: dict[str, Any], said: str
) -> None:
    code, lines = compared(tmp_path, capsys, recording)

    assert code == 1
    assert said in [line.split(": ", 2)[2] for line in lines[:-1]]
    assert lines[-1] == "1 recordings in 1 files, 1 differ"


def test_what_the_emulator_answers_can_be_recorded_and_held_against_it(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.open()
    answers = [desk.http.get(path) for path in ("/api/v2/tickets/1", "/api/v2/tickets/1/audits", "/api/v2/tickets/9")]
    recordings = [
        recorded(str(each.url), each.status_code, each.json(), headers=dict(each.headers)) for each in answers
    ]

    assert compared(tmp_path, capsys, *recordings) == (0, ["3 recordings in 1 files, 0 differ"])


@pytest.mark.parametrize(
    "content", ["{", "[1]", '{"request": {}}', '{"request": {"method": "GET"}, "response": []}', '""']
)
def test_a_file_that_holds_no_recordings_is_exit_2_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "broken.json").write_text(content, encoding="utf-8")

    assert main([str(tmp_path)]) == 2
    assert "broken.json: " in capsys.readouterr().err


def test_a_folder_without_recordings_is_exit_2(tmp_path: Path) -> None:
    assert main([str(tmp_path)]) == 2
