"""An OpenAPI 3.1 description of the calls that are emulated, written from Zendesk's documentation.

The emulator's tests hold its own answers against it, and recordings of real traffic can be held against it too.
"""

from emulator.description.document import describe

__all__ = ["describe"]
