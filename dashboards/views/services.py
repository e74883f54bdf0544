"""What happened in services: readmissions, stays and bed-days, before and after, and how readmission is defined."""

from evaltool.text import t
from evaltool.ui.session import lang
from evaltool.ui.side_page import side_page
from evaltool.ui.stay_view import stay_view

side_page(side="service", title=t("page.services_title", lang()), more=stay_view)
