"""One service a file: the lock that its worker holds for as long as it lives."""

import fcntl
import os
import socket
from pathlib import Path

from enforcement.agenda import AgendaError


class AnotherWorkerRuns(AgendaError):
    """``who``: process id and host of the worker that holds the lock."""

    def __init__(self, path: Path, who: str) -> None:
        super().__init__(f"{path}: another service works on this file ({who}); stop it first or name another file")
        self.who = who


def worker_of(store: Path) -> str:
    """Process id and host of the worker that holds the lock of this file; nothing if none does. Raises AgendaError."""
    path = store.with_name(store.name + ".worker")
    try:
        with path.open(encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)  # and let go at once, by closing
    except FileNotFoundError:
        return ""
    except BlockingIOError:
        return path.read_text(encoding="utf-8").strip() or "unknown process"
    except OSError as error:
        raise AgendaError(f"{path}: cannot be read ({error.strerror}); mend its rights") from error
    return ""


class WorkerLock:
    """Held from the start until ``release`` or the end of the process, however it ends (flock on ``FILE.worker``).

    The file stays: to delete it would let two processes lock two files of one name.
    """

    def __init__(self, store: Path) -> None:
        path = store.with_name(store.name + ".worker")
        try:
            self._file = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise AgendaError(f"{path}: cannot be written ({error.strerror}); mend the rights of its folder") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with self._file:
                self._file.seek(0)
                raise AnotherWorkerRuns(store, self._file.read().strip() or "unknown process") from None
        self._file.truncate(0)
        self._file.write(f"pid {os.getpid()} on {socket.gethostname()}\n")
        self._file.flush()

    def release(self) -> None:
        self._file.close()
