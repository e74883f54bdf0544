"""Start the dashboard: this machine only, no usage statistics, one clear line when the port is taken."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from .. import resources
from ..errors import UsageError
from ..text import t

STUDY_VARIABLE = "EVALTOOL_STUDY"
LOCAL = ("127.0.0.1", "localhost", "::1")


def serve(*, folder: Path, port: int, address: str, lang: str, quiet: bool) -> None:
    """Serve the study in ``folder`` until interrupted.

    Raises UsageError when the address is open to other machines (no login is configured) or the port is taken.
    """
    if address not in LOCAL:
        raise UsageError("address_refused", address=address)
    _demand_free(address, port)
    os.environ[STUDY_VARIABLE] = str(folder.resolve())
    if not quiet:
        print(t("cli.dashboard_open", lang, address=address, port=port), flush=True)
    from streamlit.web import cli as streamlit

    app = resources.folder("dashboards") / "app.py"
    sys.argv = ["streamlit", "run", str(app), "--server.port", str(port), "--server.address", address]
    streamlit.main()


def _demand_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise UsageError("port_taken", port=port, address=address, next=port + 1) from error
