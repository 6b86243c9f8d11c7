"""Invents desks: any number of Portuguese tickets with months of history, the same ones for the same seed."""

from emulator.generator.populate import BUILT_IN, built_in_desk, populate

__all__ = ["BUILT_IN", "built_in_desk", "populate"]
