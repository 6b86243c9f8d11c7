"""An empty mapping that nobody can fill, as a dataclass default."""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any

_EMPTY: Mapping[str, Any] = MappingProxyType({})


def empty_mapping() -> Any:
    """``field(default_factory=...)`` of the one empty mapping."""
    return field(default_factory=lambda: _EMPTY)
