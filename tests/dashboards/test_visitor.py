"""Who may come in, which pages they have, and that nobody sees another one's departments, also when all is in memory."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboard_pages import dashboard, free_port, main_text, stand_still
from login_service import UNVERIFIED, login_file, login_service

from evaltool.text import t
from evaltool.ui.addresses import ADDRESSES

pytestmark = pytest.mark.browser

PERSONS = """
[access]
login = "{login}"
log_days = 30
persons = [
  {{ who = "leder@fjordvik.example", role = "leader", departments = ["havna"] }},
  {{ who = "radgiver@fjordvik.example", role = "advisor", departments = ["asen"] }},
  {{ who = "drift@fjordvik.example", role = "administrator" }},
]
"""
LEADER, ADVISOR, OWNER = "leder@fjordvik.example", "radgiver@fjordvik.example", "drift@fjordvik.example"


def _with_login(study: Path, login: str) -> Path:
    settings = study / "study.toml"
    settings.write_text(settings.read_text(encoding="utf8") + PERSONS.format(login=login), encoding="utf8")
    return study


@pytest.fixture(scope="module")
def proxied(fjordvik_opened, tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """Address and study of a dashboard behind a proxy that says who comes."""
    study = shutil.copytree(fjordvik_opened, tmp_path_factory.mktemp("proxy") / "study")
    with dashboard(_with_login(study, "headers")) as url:
        yield url, study


@pytest.fixture
def behind_proxy(proxied) -> str:
    return proxied[0]


@pytest.fixture(scope="module")
def with_service(fjordvik_opened, tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """Address and study of a dashboard whose visitors log in with a service."""
    folder, port = tmp_path_factory.mktemp("service"), free_port()
    study = shutil.copytree(fjordvik_opened, folder / "study")
    with login_service() as issuer:
        secrets = login_file(folder=folder, issuer=issuer, dashboard=f"http://127.0.0.1:{port}")
        with dashboard(_with_login(study, "oidc"), port=port, EVALTOOL_LOGIN=str(secrets)) as url:
            yield url, study


def _log_in(browser, url: str, who: str):
    """A browser of one's own, through the log-in page of the service."""
    page = browser.new_context(locale="nb-NO", viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    page.get_by_role("button", name=t("page.log_in", "nb")).click()
    page.get_by_label("Address").fill(who)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{url}/**")
    return page


def test_each_one_logs_in_and_sees_their_own_departments_only(browser, with_service):
    url, study = with_service
    owner = _log_in(browser, url, OWNER)
    stand_still(owner)
    everything = main_text(owner)
    assert "Havna" in everything and "Åsen" in everything
    leader, advisor = (_log_in(browser, url, who) for who in (LEADER, ADVISOR))
    for path in ("", "brukere", "innforing"):
        for page, mine, other in ((leader, "Havna", "Åsen"), (advisor, "Åsen", "Havna")):
            page.goto(f"{url}/{path}")
            stand_still(page)
            html = page.content()
            assert mine in main_text(page) and other not in html and "Torget" not in html
    leader.goto(f"{url}/avdeling?department=asen")
    stand_still(leader)
    assert "Havna" in main_text(leader) and "Åsen" not in leader.content()
    leader.get_by_role("button", name=t("page.log_out", "nb")).click()
    leader.get_by_role("button", name=t("page.log_in", "nb")).wait_for()
    assert "Havna" not in leader.content()
    with sqlite3.connect(study / "store" / "visits.sqlite") as db:
        seen = set(db.execute("SELECT who, role, page FROM visits").fetchall())
    assert {(LEADER, "leader", "brukere"), (ADVISOR, "advisor", "/"), (OWNER, "administrator", "/")} <= seen


@pytest.mark.parametrize("who", ["nobody@elsewhere.example", UNVERIFIED])
def test_a_stranger_gets_a_closed_door_and_nothing_of_the_study(browser, with_service, who):
    page = _log_in(browser, with_service[0], who)
    page.get_by_text(t("page.door_closed", "nb")).wait_for()
    assert "Fjordvik" not in main_text(page) and page.locator("table").count() == 0


def test_the_role_decides_which_pages_there_are(visit, behind_proxy):
    for who, role in ((LEADER, "leader"), (ADVISOR, "advisor"), (OWNER, "administrator")):
        page = visit(behind_proxy, headers={"X-Forwarded-Email": who})
        page.get_by_role("button", name=t("page.more", "nb")).click()
        page.get_by_role("menuitem", name=t("page.about", "nb")).wait_for()
        there = {text.strip() for text in page.locator("a[href]").all_inner_texts()}
        for one in ADDRESSES:
            name = t(f"page.{one.key}", "nb")
            assert (name in there) == (role in one.roles), (who, name)
        if role == "leader":
            page.goto(f"{behind_proxy}/import")
            page.wait_for_function("document.querySelector('h1')")
            stand_still(page)
            assert t("page.import_title", "nb") not in main_text(page), "a page of another role is refused by its address too"


def test_somebody_the_proxy_names_nobody_for_stays_outside(browser, behind_proxy):
    for headers in ({}, {"X-Forwarded-Email": ""}, {"X-Forwarded-Email": "nobody@elsewhere.example"}):
        context = browser.new_context(extra_http_headers=headers, locale="nb-NO")
        page = context.new_page()
        page.goto(behind_proxy)
        page.get_by_text(t("page.door_closed", "nb")).wait_for(timeout=60_000)
        assert "Fjordvik" not in main_text(page) and page.locator("table, nav a").count() == 0
        context.close()


def test_two_at_once_with_everything_in_memory_never_get_each_others_rows(visit, behind_proxy):
    owner = visit(behind_proxy, "brukere", headers={"X-Forwarded-Email": OWNER})
    assert "Torget" in main_text(owner)
    pages = {who: visit(behind_proxy, headers={"X-Forwarded-Email": who}) for who in (LEADER, ADVISOR)}
    for path in ("brukere", "avdeling", "variasjon", ""):
        for page in pages.values():
            page.goto(f"{behind_proxy}/{path}", wait_until="commit")
        for who, page in pages.items():
            stand_still(page)
            mine, other = ("Havna", "Åsen") if who == LEADER else ("Åsen", "Havna")
            html = page.content()
            assert mine in html, (who, path)
            assert other not in html and "Torget" not in html and "Skogly" not in html, (who, path)


def test_who_is_taken_off_the_list_is_out_at_once(visit, proxied):
    """Also where every answer is in memory: who may see them is read anew."""
    url, study = proxied
    assert "Havna" in main_text(visit(url, headers={"X-Forwarded-Email": LEADER}))
    settings = study / "study.toml"
    settings.write_text(settings.read_text(encoding="utf8").replace(LEADER, "another@fjordvik.example"), encoding="utf8")
    page = visit(url, headers={"X-Forwarded-Email": LEADER}, wait=False)
    page.get_by_text(t("page.door_closed", "nb")).wait_for()
    assert "Havna" not in page.content()
