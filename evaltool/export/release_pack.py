"""What somebody who reviews a release needs: the numbers, the policy, why how much is hidden, who got it, and checksums."""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from pathlib import Path

import pandas as pd

from ..disclosure import demand_release, release_facts
from ..result import Release
from ..text import t
from .export_csv import export_csv
from .export_xlsx import export_xlsx

STAMP = (2000, 1, 1, 0, 0, 0)
"""The same release gives the same bytes."""


def release_pack(*, release: Release, handed_out: pd.DataFrame, folder: Path, lang: str) -> Path:
    """Write ``release_pack.zip`` to ``folder`` and return its path.

    handed_out: every time this release was handed out (``at, who, role, purpose, policy, reason, sha256``). In the pack:
    everything ``export_csv`` and ``export_xlsx`` write, ``policy.json`` (thresholds, policy, reason, checksum of the
    release), ``reasons.csv`` (rows hidden per reason and class, for the whole release), ``handed_out.csv``,
    ``checksums.txt`` (sha256 of each file) and a text that says how to read it. Raises UsageError on anything but a Release.
    """
    demand_release(release)
    folder.mkdir(parents=True, exist_ok=True)
    files = _numbers(release, lang) | _about(release, handed_out, lang)
    lines = [f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in sorted(files.items())]
    files["checksums.txt"] = ("\n".join(lines) + "\n").encode()
    path = folder / "release_pack.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in sorted(files.items()):
            pack.writestr(zipfile.ZipInfo(name, STAMP), content)
    return path


def _numbers(release: Release, lang: str) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as place:
        paths = [*export_csv(release=release, folder=Path(place), lang=lang), export_xlsx(release=release, folder=Path(place), lang=lang)]
        return {path.name: path.read_bytes() for path in paths}


def _about(release: Release, handed_out: pd.DataFrame, lang: str) -> dict[str, bytes]:
    facts = release_facts(release=release)
    reasons = pd.DataFrame([{"reason": name, "text": t(f"hidden.{name}", lang), **count} for name, count in facts["reasons"].items()],
                           columns=["reason", "text", "estimates", "phases", "periods"])
    told = t("pack.read_me", lang, study=release.provenance.study, snapshot=release.provenance.snapshot, sha256=facts["sha256"],
             policy=facts["policy"], limit=release.policy["min_persons"], shown=facts["shown"], hidden=facts["hidden"])
    return {
        "README.txt": told.encode(), "policy.json": json.dumps(facts, indent=2, ensure_ascii=False).encode(),
        "reasons.csv": reasons.to_csv(index=False, lineterminator="\n").encode(),
        "handed_out.csv": handed_out.to_csv(index=False, lineterminator="\n").encode(),
    }
