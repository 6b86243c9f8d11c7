"""The documentation and the emulator say the same: no call, switch or control without its words."""

from pathlib import Path

import pytest

from emulator.app import RESOURCES
from emulator.behaviours.faults import Fault
from emulator.desk import Desk
from emulator.desk_file import parse_desk
from emulator.switches import Switches

PAGE = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text(encoding="utf-8")
PATHS = sorted({route.path.replace(":int}", "}").rstrip("/") for resource in RESOURCES for route in resource.routes})
CALLS = [path for path in PATHS if path.startswith(("/api/", "/oauth/", "/emulator", "/attachments/", "/ips"))]


@pytest.mark.parametrize("path", CALLS)
def test_every_call_is_documented(path: str) -> None:
    assert any(f"{path}{end}" in PAGE for end in ("`", "?"))


@pytest.mark.parametrize("name", Switches.model_fields)
def test_every_switch_is_documented_with_its_default(name: str) -> None:
    default = Switches.model_fields[name].default
    shown = str(default).lower() if isinstance(default, bool) else default
    assert f"| `{name}` | `{shown}` | {Switches.model_fields[name].description} |" in PAGE


def test_every_kind_of_fault_is_documented() -> None:
    kinds = Fault.model_fields["does"].annotation.__args__  # type: ignore[union-attr]
    assert [kind for kind in kinds if f"`{kind}`" not in PAGE] == []


def test_the_desk_file_of_the_page_can_be_used_and_names_what_there_is() -> None:
    text = PAGE.partition("```yaml\n")[2].partition("```")[0]

    desk = parse_desk(text)

    assert len(desk.people) == 3
    assert set(desk.model_fields_set) >= set(Desk.model_fields) - {"account_id", "locale"}
