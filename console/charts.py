"""Small charts as SVG, drawn here: they need no script, print as they are, and say in words what they show."""

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, MARGIN = 600, 160, 28
SMALL_WIDTH, SMALL_HEIGHT = 120, 28


def trend(values: Sequence[float], labels: Sequence[str], title: str, description: str, *, number: int = 1) -> str:
    """Shares from 0 to 1 over time as a line, with each value at its point. ``number`` makes its ids its own."""
    points = _points(values, 0.0, 1.0, WIDTH, HEIGHT, MARGIN)
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{value:.0%}</text>'
        f'<text x="{x:.1f}" y="{HEIGHT - 4}" text-anchor="middle" class="axis">{escape(label)}</text>'
        for (x, y), value, label in zip(points, values, labels, strict=True)
    )
    base = f'<line x1="{MARGIN}" y1="{HEIGHT - MARGIN}" x2="{WIDTH - MARGIN}" y2="{HEIGHT - MARGIN}" class="axis"/>'
    return _svg(WIDTH, HEIGHT, f"{base}{_line(points)}{marks}", title, description, f"trend-{number}", "chart")


def sparkline(values: Sequence[int], title: str, description: str, name: str) -> str:
    """Counts over time as a line as high as a row of text; nothing where there is nothing to compare."""
    if len(values) < 2:
        return ""
    points = _points(values, 0, max(*values, 1), SMALL_WIDTH, SMALL_HEIGHT, 4)
    x, y = points[-1]
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'
    return _svg(SMALL_WIDTH, SMALL_HEIGHT, _line(points) + dot, title, description, name, "spark")


def bar(value: float, of: float) -> str:
    """A bar beside a number that says the same, so it is hidden from screen readers."""
    width = 0.0 if of <= 0 else min(value / of, 1.0) * 100
    return (
        f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect width="{width:.1f}" height="10"/></svg>'
    )


def _points(
    values: Sequence[float], low: float, high: float, width: float, height: float, margin: float
) -> list[tuple[float, float]]:
    step = (width - 2 * margin) / max(len(values) - 1, 1)
    reach = (height - 2 * margin) / ((high - low) or 1)
    return [(margin + number * step, height - margin - (value - low) * reach) for number, value in enumerate(values)]


def _line(points: Sequence[tuple[float, float]]) -> str:
    told = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{told}" fill="none"/>'


def _svg(width: int, height: int, inside: str, title: str, description: str, name: str, kind: str) -> str:
    return (
        f'<svg class="{kind}" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{inside}</svg>'
    )
