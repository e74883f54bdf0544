"""A decision from the form to the list, the department's page and the next report; and what a page says when it cannot."""

from __future__ import annotations

import pytest
from dashboard_pages import PATIENCE, dashboard, main_text, stand_still

from evaltool.cli import app
from evaltool.text import t

pytestmark = pytest.mark.browser
TEXT = "Vi øver på felles planer hver uke"


def test_a_decision_is_kept_followed_up_and_shown_in_the_report_and_a_broken_study_is_told_in_one_line(visit, study_copy, tmp_path):
    from typer.testing import CliRunner

    with dashboard(study_copy) as url:
        page = visit(url, "beslutninger")
        page.get_by_label(t("page.decision_text", "nb")).fill(TEXT)
        page.get_by_label(t("page.decision_owner", "nb")).fill("Avdelingsleder")
        page.get_by_role("button", name=t("page.decision_save", "nb")).first.click()
        page.locator(".ev-findings .what", has_text=TEXT).wait_for(timeout=PATIENCE)
        assert "ansvar: Avdelingsleder" in main_text(page) and t("decision_state.open", "nb") in main_text(page)
        page.get_by_label(t("page.decision_text", "nb")).fill("Ring 41 23 45 67 om dette")
        page.get_by_role("button", name=t("page.decision_save", "nb")).first.click()
        page.get_by_text(t("page.personal_details", "nb")).wait_for(timeout=PATIENCE)
        page.goto(f"{url}/avdeling?department=havna")
        stand_still(page)
        assert TEXT in main_text(page), "decisions about the whole study stand on each department's page"
        made = CliRunner().invoke(app, ["report", str(study_copy), "--out", str(tmp_path / "out"), "--format", "html", "--quiet"])
        assert made.exit_code == 0
        report = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf8")
        assert TEXT in report and t("report.decided", "nb") in report
        settings = study_copy / "study.toml"
        settings.write_text(settings.read_text(encoding="utf8").replace("min_persons = 5", 'min_persons = "mange"'), encoding="utf8")
        page.goto(f"{url}/brukere")
        page.locator("[data-testid=stAlert]").wait_for(timeout=PATIENCE)
        text = main_text(page)
        assert t("page.fault_title", "nb") in text and "min_persons" in text and "mange" in text
        assert str(study_copy) not in text and "Traceback" not in page.content()
