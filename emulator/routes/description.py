"""Serves the OpenAPI description of what is emulated."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.description import describe
from emulator.json_text import write_json


async def openapi(request: Request) -> Response:
    """The OpenAPI 3.1 document, with this emulator's address."""
    return Response(write_json(describe(request.app.state.zendesk.address)), media_type="application/json")


routes = [Route("/emulator/openapi.json", openapi, methods=["GET"])]
