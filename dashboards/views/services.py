"""What happened in services: readmissions, stays and bed-days, before and after."""

from evaltool.text import t
from evaltool.ui.session import lang
from evaltool.ui.side_page import side_page

side_page(side="service", title=t("page.services_title", lang()))
