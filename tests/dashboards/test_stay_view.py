"""The services page under its figures: what counts, how soon people come back, and what was to be expected."""

import pytest
from dashboard_pages import PATIENCE, main_text, stand_still

from evaltool.figures.return_chart import return_chart
from evaltool.stay_tables import case_mix_table
from evaltool.study_readmission import study_readmission
from evaltool.text import catalogue

pytestmark = pytest.mark.browser


def test_the_curve_and_the_mix_of_people_say_the_same_as_python(visit, served, fjordvik):
    release = study_readmission(folder=fjordvik.folder)
    page = visit(served, "tjenester?lang=nb")
    page.get_by_role("tab", name=catalogue("nb")["stay_part.return"]).click()
    card = page.locator(".st-key-card_return")
    card.locator(".main-svg").first.wait_for(timeout=PATIENCE)
    stand_still(page)
    assert return_chart(release=release, lang="nb").title in main_text(page)
    page.get_by_role("tab", name=catalogue("nb")["stay_part.case_mix"]).click()
    stand_still(page)
    shown = " ".join(page.locator("table.ev").last.inner_text().split())
    for row in case_mix_table(release=release, lang="nb").itertuples(index=False):
        assert " ".join(" ".join(row).split()) in shown
    assert page.watch.faults == []
