"""Writing into a pack that a rule was compared with its paragraph."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from rules.confirm import confirm


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rules:\n- id: a.b # c\n  cites: A1 # d", 'rules:\n- id: a.b # c\n  cites: A1 # d\n  confirmed: "1e5"'),
        ("rules:\n  - id: a.b\n    kind: x\n", 'rules:\n  - id: a.b\n    confirmed: "1e5"\n    kind: x\n'),
        ("rules:\n- {id: a.b, cites: A1, kind: x} # c\n", 'rules:\n- {id: a.b, cites: A1, confirmed: "1e5", kind: x} # c\n'),
        ("rules: [{id: 'a.b', confirmed: 'abc', x: y}]", "rules: [{id: 'a.b', confirmed: \"1e5\", x: y}]"),
        ("rules:\r\n- id: a.b\r\n  cites: A1\r\n", 'rules:\r\n- id: a.b\r\n  cites: A1\r\n  confirmed: "1e5"\r\n'),
        ("é: 😀\nrules:\n- id: z.z\n- id: a.b\n  confirmed: x # y\n", 'é: 😀\nrules:\n- id: z.z\n- id: a.b\n  confirmed: "1e5" # y\n'),
    ],
)  # fmt: skip
def test_one_value_changes_and_every_other_byte_stays(before: str, after: str) -> None:
    assert confirm(before, "a.b", "1e5") == after


@pytest.mark.parametrize("text", ["rules: [{id: a.bb}]", "pack: x"])
def test_rule_that_is_not_there_is_refused(text: str) -> None:
    with pytest.raises(KeyError):
        confirm(text, "a.b", "1")


@given(st.text("0123456789abcdef", min_size=8, max_size=8))
def test_every_digest_is_read_back_as_it_was_written(digest: str) -> None:
    text = confirm("rules:\n- id: a.b\n  cites: A1\n", "a.b", digest)
    assert YAML(typ="safe", pure=True).load(text)["rules"][0]["confirmed"] == digest
    assert confirm(text, "a.b", digest) == text
