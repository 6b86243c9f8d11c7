"""The routes. Nothing of Zendesk is read here, and nothing is done after the answer.

POST /webhooks/zendesk
    200  written down; or seen before; or nothing to look at
    400  signed, but not readable
    401  not signed by anyone we know
    408  the body did not come in time
    409  could not be written down in time: the one status on which Zendesk surely tries again
    413  too large
GET  /healthz    200 while the process answers at all
GET  /readyz     200, or 503 and the reasons why no work should be sent here
"""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan

from webhooks.intake import Intake

ALIVE = JSONResponse({"alive": True})
READY = JSONResponse({"ready": True})


def build_app(
    intake: Intake,
    *,
    ready: Callable[[], Sequence[str]],
    routes: Sequence[BaseRoute] = (),
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Build the service's web application.

    ``ready`` names what is not ready, without waiting for anything. ``routes`` are further ones, the console's.
    """

    async def healthz(_request: Request) -> Response:
        return ALIVE

    async def readyz(_request: Request) -> Response:
        reasons = list(ready())
        return JSONResponse({"ready": False, "reasons": reasons}, 503) if reasons else READY

    app = Starlette(
        routes=[
            Route("/webhooks/zendesk", intake.receive, methods=["POST"]),
            Route("/healthz", healthz),
            Route("/readyz", readyz),
            *routes,
        ],
        lifespan=lifespan,
        exception_handlers={HTTPException: _http_error},
    )
    # A redirected POST arrives nowhere: whoever mistyped the address in Zendesk shall see a 404.
    app.router.redirect_slashes = False
    return app


async def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  # Starlette's type is wider than what it hands over
    return JSONResponse({"error": error.detail}, error.status_code, error.headers)
