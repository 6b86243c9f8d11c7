"""Holds recorded traffic against the description: keys, types, nulls, headers and status codes.

`python -m emulator.recordings DIRECTORY` reads every `*.json` below it. A file holds one recording or a list of them:

    {"request": {"method": "GET", "path": "/api/v2/tickets/1.json"},
     "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": {"ticket": {...}}}}

`path` may be a whole URL. What differs is printed with its place and never with the texts of customers; the exit code
is 0, 1 if something differs, 2 for a file that cannot be read.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from emulator.description import describe
from emulator.description.differences import differences, resolve

Document = dict[str, Any]


class UnusableRecording(Exception):
    """A file that holds no recordings. The text says which one and why."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One request and its answer; `body` is what JSON said, or a text."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: Any


def read_recordings(path: Path) -> list[Recording]:
    """The recordings of one file. Raises UnusableRecording."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return [_recording(each) for each in (said if isinstance(said, list) else [said])]
    except (OSError, ValueError) as error:
        raise UnusableRecording(f"{path}: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise UnusableRecording(f"{path}: needs request.method, request.path and response.status: {error!r}") from error


def _recording(said: Any) -> Recording:
    request, response = said["request"], said["response"]
    headers = {str(name): str(value) for name, value in (response.get("headers") or {}).items()}
    return Recording(
        str(request["method"]).upper(), str(request["path"]), int(response["status"]), headers, response.get("body")
    )


def compare(recording: Recording, document: Document | None = None) -> list[str]:
    """What of a recording is not as described; nothing if all of it is."""
    document = _document() if document is None else document
    operation = _operation(document, recording)
    if operation is None:
        return ["the call is not described"]
    answer = operation["responses"].get(str(recording.status))
    if answer is None:
        known = ", ".join(sorted(operation["responses"]))
        return [f"status {recording.status}: not described; known: {known}"]
    if "$ref" in answer:
        answer = resolve(document, answer["$ref"])
    return [*_headers(answer, recording), *_body(document, answer, recording)]


def is_described(recording: Recording) -> bool:
    """Whether the call is one of those that are emulated."""
    return _operation(_document(), recording) is not None


def _operation(document: Document, recording: Recording) -> Document | None:
    path = urlsplit(recording.path).path.removesuffix("/").removesuffix(".json")
    template = template_of(document, path)
    operation: Document | None = None if template is None else document["paths"][template].get(recording.method.lower())
    return operation


def _headers(answer: Document, recording: Recording) -> Iterator[str]:
    there = {name.lower() for name in recording.headers}
    for name, header in answer.get("headers", {}).items():
        if header.get("required") and name.lower() not in there:
            yield f"header {name}: missing"


def _body(document: Document, answer: Document, recording: Recording) -> Iterator[str]:
    content = answer.get("content")
    if content is None:
        if recording.body not in (None, "", b""):
            yield "body: there is one, described as none"
        return
    said = next((value for name, value in recording.headers.items() if name.lower() == "content-type"), "")
    media = said.partition(";")[0].strip().lower()
    if media not in content:
        yield f"header Content-Type: {media or 'missing'}, described as {' or '.join(content)}"
    elif media == "application/json":
        yield from differences(document, content[media]["schema"], recording.body)


def template_of(document: Document, path: str) -> str | None:
    """The described path that a path belongs to; words win over parameters."""
    found = [template for template in document["paths"] if _pattern(template).fullmatch(path)]
    return min(found, key=lambda template: template.count("{"), default=None)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"[^/]+", re.escape(template)))


@cache
def _document() -> Document:
    return describe()


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, compare everything and print what differs; the exit code."""
    parser = argparse.ArgumentParser(prog="emulator.recordings", description="Hold recordings against the description.")
    parser.add_argument("directory", type=Path, help="where the recordings are (*.json, at any depth)")
    files = sorted(parser.parse_args(arguments).directory.rglob("*.json"))
    count = different = unusable = 0
    for path in files:
        try:
            recordings = read_recordings(path)
        except UnusableRecording as error:
            sys.stderr.write(f"{error}\n")
            unusable += 1
            continue
        for recording in recordings:
            count += 1
            found = compare(recording)
            different += bool(found)
            for line in found:
                sys.stdout.write(f"{path}: {recording.method} {urlsplit(recording.path).path}: {line}\n")
    sys.stdout.write(f"{count} recordings in {len(files)} files, {different} differ\n")
    return 2 if unusable or not files else 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
