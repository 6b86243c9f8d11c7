"""A process with the web side of `ronda serve`, its workers not started, so that nothing but the route is at work.

The argument says what becomes of an accepted delivery: `durable` (as in the service) or `forgetful` (the same route,
the commit left out). Settings come from the environment as for the service.
"""

import asyncio
import socket
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn

from config.settings import read_settings
from enforcement.embedded import EmbeddedAgenda
from ronda.logs import configure_logging
from ronda.service import app_of, configuration_of, keep_what_is_built
from ronda.wiring import parts_of


class ForgetfulAgenda(EmbeddedAgenda):
    """Answers at once and writes nothing."""

    def ask_async(self, *_asked: Any, **_told: Any) -> "asyncio.Future[bool]":
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        answer.set_result(True)
        return answer


def main() -> None:
    settings = read_settings(None)
    configure_logging(settings.log_format, settings.log_level)
    with parts_of(settings) as parts, socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        if sys.argv[1] == "forgetful":
            parts = replace(parts, agenda=ForgetfulAgenda.open(Path(settings.data)))
        server = uvicorn.Server(configuration_of(app_of(parts)))
        keep_what_is_built()
        print(f"webhooks: {listener.getsockname()[1]}", flush=True)
        server.run([listener])


if __name__ == "__main__":
    main()
