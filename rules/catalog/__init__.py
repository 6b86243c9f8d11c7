"""One file a rule; a file's name is the rule's kind. This is the list of them all."""

from types import MappingProxyType

from rules.catalog.default_analyst import DefaultAnalyst
from rules.catalog.default_group import DefaultGroup
from rules.catalog.stand_by import StandBy
from rules.catalog.stays_open import StaysOpen
from rules.rule import Rule

KINDS = MappingProxyType[str, type[Rule]](
    {
        "default_analyst": DefaultAnalyst,
        "default_group": DefaultGroup,
        "stand_by": StandBy,
        "stays_open": StaysOpen,
    }
)
