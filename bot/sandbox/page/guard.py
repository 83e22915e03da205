"""Only the page itself may use its server: other pages that are open in the browser may not."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ELSEWHERE = "/elsewhere/"
"""Where links lead that would lead out of the sandbox; links from other origins lead there too."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data: http://127.0.0.1:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def same_origin_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what is asked under a name of another machine's, or by another origin's page."""
    if not _is_ours(request):
        body = {"error": "only the sandbox's own page may do this, at its address on loopback"}
        return web.json_response(body, status=403)
    return await handler(request)


def _is_ours(request: web.Request) -> bool:
    # The Host check stops DNS rebinding, the other two cross-site requests.
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    reads = request.method in {"GET", "HEAD"}
    linked = request.path == "/" or request.path.startswith(ELSEWHERE)
    return (
        host in LOOPBACK
        and (origin is None or origin == f"http://{request.host}")
        and (site in {"same-origin", "none"} or (reads and linked))
    )


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser to run the page's own scripts only, and to keep nothing."""
    response.headers.update(_HEADERS)
