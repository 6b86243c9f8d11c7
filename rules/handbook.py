"""A handbook: what a team wrote down, in paragraphs with ids that rules cite.

A paragraph is a Markdown heading whose first word is its id (``## A1 The group``) and the text below it.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_HEADING = re.compile(r"^#{2,4}\s+(?P<id>[A-Z]+\d+[a-z]?)\b[\s.:·—-]*(?P<title>.*)$", re.MULTILINE)
_ANY_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Paragraph:
    id: str
    title: str
    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """Eight hex digits that change when the words do; line breaks and spacing do not count."""
        words = " ".join(f"{self.title} {self.text}".split())
        return hashlib.sha256(words.encode()).hexdigest()[:8]


def parse_handbook(text: str) -> Mapping[str, Paragraph]:
    """Paragraphs by id, in the order they stand. Of an id that stands twice the first counts."""
    found: dict[str, Paragraph] = {}
    for heading in _HEADING.finditer(text):
        rest = text[heading.end() :]
        end = _ANY_HEADING.search(rest)
        body = rest[: end.start()] if end else rest
        found.setdefault(heading["id"], Paragraph(heading["id"], heading["title"].strip(), body.strip()))
    return found


def cited_in(cites: str) -> tuple[str, ...]:
    """The ids of the paragraphs that a rule cites: ``A4``, or ``A4, A5``."""
    return tuple(cites.replace(",", " ").split())


def digest_of(paragraphs: Sequence[Paragraph]) -> str:
    """One digest of all the paragraphs that a rule cites."""
    if len(paragraphs) == 1:
        return paragraphs[0].digest
    return hashlib.sha256(" ".join(paragraph.digest for paragraph in paragraphs).encode()).hexdigest()[:8]
