"""Where benchmarks work: folders on a real disk, as a temporary folder in memory would make every flush free."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder beside the project's, gone when done."""
    with tempfile.TemporaryDirectory(prefix=".bench-", dir=ROOT) as folder:
        yield Path(folder)
