"""Start the dashboard: this machine only unless a login is set up, one clear line when the port is taken."""

from __future__ import annotations

import gc
import os
import socket
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from .. import resources
from ..errors import UsageError
from ..figures.staircase import staircase
from ..figures.unchecked import unchecked
from ..study import open_study
from ..study_data import let_go
from ..study_groups import study_groups
from ..study_release import study_release, study_status
from ..text import t
from .addresses import ADDRESSES
from .host import Host, start
from .preparing import start_preparing
from .shell import guarded, shell

if TYPE_CHECKING:
    from ..settings import Access

LOGIN_VARIABLE = "EVALTOOL_LOGIN"
"""Names the file with the [auth] table of the login service; it holds secrets and lies outside the study."""

LOGIN_KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SECRET_LENGTH = 32
LOCAL = ("127.0.0.1", "localhost", "::1")


def serve(*, host: Host, port: int, address: str, lang: str, quiet: bool) -> None:
    """Serve the study in ``host.folder`` until interrupted; what it shows first is computed before the door opens.

    Raises UsageError when the address is open to other machines and no login is set up, when the login is not
    complete, or when the port is taken.
    """
    study = open_study(folder=host.folder)
    secrets = _secrets(study.access)
    if address not in LOCAL and study.access.login != "oidc":
        raise UsageError("address_refused", address=address)
    _demand_free(address, port)
    start(host)
    _warm(host)
    if host.prepares:
        start_preparing(folder=host.folder)
    if not quiet:
        print(t("cli.dashboard_open", lang, address=address, port=port), flush=True)
    _run(study.access, secrets, study.language, {"server.port": port, "server.address": address})


def _run(access: Access, secrets: dict | None, lang: str, where: dict) -> None:
    from starlette.middleware import Middleware
    from starlette.routing import Route
    from streamlit.starlette import App

    script = resources.folder("dashboards") / "app.py"
    # Streamlit reads the config.toml beside what it takes for the launched script.
    sys.argv = [str(script)]
    app = App(script, secrets=secrets, middleware=[Middleware(guarded)],
              routes=[Route(f"/{page.path}", shell(lang=lang)) for page in ADDRESSES])
    trusted = {"server.trustedUserHeaders": {access.header: "email"}} if access.login == "headers" else {}
    app.run(config={**where, **trusted})


def _warm(host: Host) -> None:
    """Compute what is not kept yet, and load the parts that the first page would otherwise wait for."""
    from . import decision_form, estimate_table, process_view, side_page, stay_view, views_part  # noqa: F401

    released = study_release(folder=host.folder, who=host.who, when=host.clock(), purpose="dashboard")
    study_status(folder=host.folder)
    study_groups(folder=host.folder)
    let_go()
    unchecked(chart=staircase(release=released, lang="nb"))
    _settle()


def _settle() -> None:
    """Streamlit collects garbage after every run of a page: it need not look at all of this each time."""
    gc.collect()
    gc.freeze()


def _secrets(access: Access) -> dict | None:
    """The [auth] table for the login service, or None where there is none to be used."""
    if access.login != "oidc":
        return None
    if find_spec("authlib") is None:
        raise UsageError("login_package")
    path = Path(os.environ.get(LOGIN_VARIABLE, ""))
    if not path.is_file():
        raise UsageError("login_file", variable=LOGIN_VARIABLE)
    try:
        said = tomllib.loads(path.read_text(encoding="utf8"))["auth"]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise UsageError("login_file", variable=LOGIN_VARIABLE) from error
    if lacking := [key for key in LOGIN_KEYS if not isinstance(said, dict) or not said.get(key)]:
        raise UsageError("login_keys", variable=LOGIN_VARIABLE, missing=", ".join(lacking))
    if len(str(said["cookie_secret"])) < SECRET_LENGTH:
        raise UsageError("login_secret", variable=LOGIN_VARIABLE, expected=SECRET_LENGTH)
    return {"auth": said}


def _demand_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise UsageError("port_taken", port=port, address=address, next=port + 1) from error
