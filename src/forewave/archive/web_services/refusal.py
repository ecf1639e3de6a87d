"""What the services answer when they give no data, in the form that FDSN specifies."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

VERSION = "1.2.0"  # of the specification: FDSN Web Service Specifications 1.2 (2019)
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
NAMES = {
    400: "Bad request",
    404: "No data",
    413: "Request too large",
    429: "Too many requests",
    503: "Service unavailable",
}
LONGEST = 500  # letters of the request that are repeated
AGAIN_S = {429: "10", 503: "5"}


class RefusedError(Exception):
    """A request that is not answered with data. status: of HTTP."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def refused(request: Request, service: str, error: RefusedError) -> Response:
    """The error as FDSN's text. service: event, station or dataselect."""
    url = _printable(str(request.url))
    text = (
        f"Error {error.status}: {NAMES[error.status]}\n\n{_printable(str(error))}\n\n"
        f"Usage details are available from {_about(request, service)}\n\nRequest:\n{url}\n\n"
        f"Request Submitted:\n{datetime.now(UTC).isoformat(timespec='seconds')[:19]}Z\n\n"
        f"Service version:\n{VERSION}\n"
    )
    again = AGAIN_S.get(error.status)
    headers = CORS | ({} if again is None else {"Retry-After": again})
    return PlainTextResponse(text, error.status, headers)


def no_data(request: Request, service: str, nodata: int) -> Response:
    """Status 204 without a body, or 404 where the request asks for that."""
    if nodata == 404:
        return refused(request, service, RefusedError(404, "Nothing fits the request."))
    return Response(status_code=204, headers=CORS)


def _about(request: Request, service: str) -> str:
    return _printable(f"{str(request.base_url)[:LONGEST]}fdsnws/{service}/1/")


def _printable(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return shown if len(shown) <= LONGEST else shown[:LONGEST] + "..."
