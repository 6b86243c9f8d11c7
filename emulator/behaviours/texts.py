"""The texts of comments as Zendesk keeps them: markup out, runs of blanks collapsed, cut at 64 kB (COMMENTS)."""

import re
from html.parser import HTMLParser

LONGEST_COMMENT = 64 * 1024
_MARKUP = re.compile(r"</?[a-zA-Z][^>]*>")


class _Text(HTMLParser):
    """Collects the text of a piece of HTML; blocks end their line."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "div", "li", "tr", "h1", "h2", "h3"):
            self.parts.append("\n\n" if tag == "p" else "\n")


def text_of_html(text: str) -> str:
    """What a reader of the HTML sees; an escaped `&lt;b&gt;` is the text `<b>`."""
    parser = _Text()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts).strip()


def without_markup(text: str) -> str:
    """A plain body: tags that its author wrote into it are dropped, a text without any stays as it is."""
    return text_of_html(text) if _MARKUP.search(text) else text


def tidy(text: str) -> str:
    """Runs of spaces and of empty lines collapsed, and no more than 64 kB."""
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"\n{3,}", "\n\n", text.replace("\r\n", "\n")).strip()
    return text.encode(errors="replace")[:LONGEST_COMMENT].decode(errors="ignore")
