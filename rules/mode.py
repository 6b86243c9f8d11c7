"""How far a rule may go, in the words of Kubernetes policies."""

from enum import IntEnum


class Mode(IntEnum):
    """Ordered: what happens is the lower of the rule's mode and the service's ceiling."""

    OFF = 0  # not judged
    AUDIT = 1  # record only
    WARN = 2  # tell the agent in an internal note, change nothing else
    ENFORCE = 3  # cure

    @property
    def word(self) -> str:
        return self.name.lower()
