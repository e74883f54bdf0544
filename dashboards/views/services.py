"""What happened in services: readmissions, stays and bed-days, before and after, and how readmission is defined."""

from evaltool.text import t
from evaltool.ui.count_page import count_page
from evaltool.ui.session import lang, study
from evaltool.ui.side_page import side_page
from evaltool.ui.stay_view import stay_view

title = t("page.services_title", lang())
if study().privacy.counts == "round":
    count_page(title=title)
else:
    side_page(side="service", title=title, more=stay_view)
