"""JSON Schemas of packs and scenario files, from which editors complete and check.

https://json-schema.org/draft/2020-12
"""

import sys
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from rules.catalog import KINDS
from rules.mode import Mode
from rules.pack import Desk
from rules.scenario import QueueFile, ScenarioFile

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def pack_schema() -> dict[str, Any]:
    """A pack: the desk's keys, and for each rule the keys of its kind."""
    models = [(model, "validation") for model in (Desk, *KINDS.values())]
    references, definitions = models_json_schema(models)  # type: ignore[arg-type] # the mode is one of two words
    kinds: dict[str, Any] = definitions["$defs"]
    rules = []
    for kind, model in KINDS.items():
        reference: Mapping[str, str] = references[model, "validation"]
        name = reference["$ref"].removeprefix("#/$defs/")
        kinds[name] = _of_kind(kinds[name], kind, model.__module__)
        rules.append(reference)
    desk = kinds.pop(references[Desk, "validation"]["$ref"].removeprefix("#/$defs/"))
    desk["properties"]["rules"] = {"type": "array", "items": {"oneOf": rules}}
    return {"$schema": _DRAFT, **desk, "title": "A rule pack of Ronda", "$defs": kinds}


def scenario_schema() -> dict[str, Any]:
    """A file of scenarios, or of one queue."""
    references, definitions = models_json_schema([(ScenarioFile, "validation"), (QueueFile, "validation")])
    either = [references[model, "validation"] for model in (ScenarioFile, QueueFile)]
    return {"$schema": _DRAFT, "title": "Scenarios for a rule pack of Ronda", "anyOf": either, **definitions}


def _of_kind(schema: dict[str, Any], kind: str, module: str) -> dict[str, Any]:
    """A rule's schema, in which ``kind`` is one word and must be given."""
    about = " ".join((sys.modules[module].__doc__ or "").split())
    mode = {**schema["properties"]["mode"], "default": Mode.AUDIT.word}
    return {
        **schema,
        "description": about,
        "properties": {**schema["properties"], "kind": {"const": kind, "description": about}, "mode": mode},
        "required": sorted({*schema.get("required", ()), "id", "kind"}),
    }
