"""Invents desks: any number of Portuguese tickets with months of history, the same ones for the same seed."""

from emulator.generator.populate import built_in_desk, last_midnight, populate

__all__ = ["built_in_desk", "last_midnight", "populate"]
