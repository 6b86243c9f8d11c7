"""Chats told in a line: what was said, and who handed them over."""

from dataclasses import replace

from rules.ticket import Line, Person
from tests.rules.tools import CARLA, MINUTE, OPENED, PAULO, WEBSITE, Story


def chat(*said: tuple[Person, str], by: Person = CARLA, ended: bool = True, **fields: object) -> Story:
    """A chat that begins in Suporte, a line a second. Without lines it has no transcript yet."""
    story = Story(by=by, **{"channel": "chat", "group": "Suporte", "description": "", **fields})  # type: ignore[arg-type]
    lines = tuple(Line(OPENED + number * MINUTE / 60, who, text) for number, (who, text) in enumerate(said))
    story.audits[0] = replace(story.audits[0], transcript=lines, transcript_ended=ended and bool(lines))
    return story


def handed_over(*said: tuple[Person, str], by: Person = PAULO, **fields: object) -> Story:
    """The same, five minutes later given to the team's group."""
    return chat(*said, **fields).then(by, group=WEBSITE)  # type: ignore[arg-type]


def by_rule(story: Story) -> Story:
    """The last update's changes were a trigger's doing."""
    audit = story.audits[-1]
    story.audits[-1] = replace(audit, changes=tuple(replace(change, by_rule=True) for change in audit.changes))
    return story


def routed(story: Story) -> Story:
    """The last update was made by Zendesk's routing."""
    story.audits[-1] = replace(story.audits[-1], routed=True)
    return story
