"""The gettext catalogues that ship with Ronda, read as plain mappings. A message id is a key, not a sentence."""

from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locale"


def read_catalogues() -> Mapping[str, Mapping[str, str]]:
    """Language (``pt-BR``, ``en``, ``es``) -> key -> text."""
    return {
        folder.name.replace("_", "-"): {
            str(message.id): str(message.string)
            for file in sorted(folder.glob("LC_MESSAGES/*.po"))
            for message in read_po(file.read_bytes().splitlines(keepends=True))
            if message.id
        }
        for folder in sorted(LOCALES.iterdir())
    }
