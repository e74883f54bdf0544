"""A login service on this machine, as small as OpenID Connect allows: discovery, log-in page, token and keys."""

from __future__ import annotations

import json
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "evaltool"
UNVERIFIED = "unverified@fjordvik.example"
PAGE = """<!doctype html><html lang="en"><title>Log in</title><form method="post" action="/authorize?{query}">
<label>Address <input name="email"></label><button>Continue</button></form></html>"""


@contextmanager
def login_service() -> Iterator[str]:
    """The address of the service, up and answering."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    server.codes = {}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        server.server_close()


def login_file(*, folder: Path, issuer: str, dashboard: str) -> Path:
    """What the administrator of a municipality writes once, outside the study."""
    path = folder / "login.toml"
    path.write_text(f"""[auth]
redirect_uri = "{dashboard}/oauth2callback"
cookie_secret = "{'made-up-secret-for-tests-only-' * 2}"
client_id = "{CLIENT}"
client_secret = "not a secret"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
""", encoding="utf8")
    return path


class _Answers(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        url, path = self.server.url, urllib.parse.urlsplit(self.path)
        if path.path == "/.well-known/openid-configuration":
            self._send({
                "issuer": url, "authorization_endpoint": f"{url}/authorize", "token_endpoint": f"{url}/token",
                "jwks_uri": f"{url}/keys", "end_session_endpoint": f"{url}/bye", "response_types_supported": ["code"],
                "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            })
        elif path.path == "/keys":
            self._send({"keys": [self.server.key.as_dict(private=False)]})
        elif path.path == "/authorize":
            self._send(PAGE.format(query=path.query.replace("&", "&amp;")), "text/html")
        elif path.path == "/bye":
            self._go(urllib.parse.parse_qs(path.query)["post_logout_redirect_uri"][0])

    def do_POST(self) -> None:
        path = urllib.parse.urlsplit(self.path)
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        if path.path == "/authorize":
            asked = {name: values[0] for name, values in urllib.parse.parse_qs(path.query).items()}
            code = f"code-{len(self.server.codes)}"
            self.server.codes[code] = (form["email"][0], asked.get("nonce"))
            self._go(f"{asked['redirect_uri']}?" + urllib.parse.urlencode({"code": code, "state": asked["state"]}))
        elif path.path == "/token":
            email, nonce = self.server.codes.pop(form["code"][0])
            self._send({"access_token": "none", "token_type": "Bearer", "expires_in": 300, "id_token": self._token(email, nonce)})

    def _token(self, email: str, nonce: str | None) -> str:
        now = int(time.time())
        claims = {"iss": self.server.url, "aud": CLIENT, "sub": email, "iat": now, "exp": now + 300, "nonce": nonce,
                  "email": email, "email_verified": email != UNVERIFIED}
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.server.key)

    def _go(self, where: str) -> None:
        self.send_response(302)
        self.send_header("location", where)
        self.end_headers()

    def _send(self, content: object, kind: str = "application/json") -> None:
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
