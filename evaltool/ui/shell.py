"""The HTML that every page starts from: Streamlit's own, with the right language, and headers that keep it at home."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..text import LANGUAGES, t

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""The browser itself refuses requests to any other host. Streamlit needs inline and evaluated scripts."""

HEADERS = {
    b"content-security-policy": POLICY.encode(), b"x-content-type-options": b"nosniff", b"referrer-policy": b"same-origin",
    b"x-frame-options": b"DENY",
}
ROOT = "<script>window.__streamlit = {BACKEND_BASE_URL: location.origin}</script>"
"""Without this Streamlit guesses where it lives and asks for two addresses under every page that do not exist."""


def shell(*, lang: str) -> Callable[[Request], Awaitable[Response]]:
    """Answers a page address; ``lang`` where the address names none."""

    async def answer(request: Request) -> Response:
        from starlette.responses import HTMLResponse

        asked = request.query_params.get("lang")
        return HTMLResponse(_html(asked if asked in LANGUAGES else lang), headers={"cache-control": "no-cache"})

    return answer


def guarded(app: ASGIApp) -> ASGIApp:
    """``app`` with the headers on every answer."""

    async def run(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message) -> None:
            if message["type"] == "http.response.start":
                mine = [(name, value) for name, value in message.get("headers", []) if name.lower() not in HEADERS]
                message = {**message, "headers": [*mine, *HEADERS.items()]}
            await send(message)

        await app(scope, receive, send_with_headers)

    return run


@cache
def _html(lang: str) -> str:
    import streamlit

    html = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf8")
    html = html.replace('<html lang="en">', f'<html lang="{lang}">').replace("<title>Streamlit</title>", "<title>evaltool</title>")
    html = re.sub(r"<noscript>.*?</noscript>", f"<noscript><p>{t('page.needs_script', lang)}</p></noscript>", html, flags=re.S)
    return html.replace("<head>", f"<head>{ROOT}", 1)
