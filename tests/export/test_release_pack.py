"""The pack for reviewers: every file has its checksum, and the same release gives the same bytes."""

import hashlib
import json
import zipfile

import pandas as pd
from small_result import small_result

from evaltool.disclosure import policy, release, release_facts
from evaltool.export.release_pack import release_pack


def test_it_says_what_was_shown_and_why_not(tmp_path):
    out = release(result=small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30)}), policy=policy())
    log = pd.DataFrame([{"at": "2026-07-01", "who": "ada", "role": "reader", "purpose": "pack", "sha256": "x"}])
    path = release_pack(release=out, handed_out=log, folder=tmp_path, lang="nb")
    with zipfile.ZipFile(path) as pack:
        files = {name: pack.read(name) for name in pack.namelist()}
    for line in files["checksums.txt"].decode().splitlines():
        sha, name = line.split("  ")
        assert hashlib.sha256(files[name]).hexdigest() == sha
    assert json.loads(files["policy.json"])["sha256"] == release_facts(release=out)["sha256"]
    assert "few_persons" in files["reasons.csv"].decode() and "ada" in files["handed_out.csv"].decode()
    assert set(files) >= {"estimates.csv", "estimates.xlsx", "README.txt"}
