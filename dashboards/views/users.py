"""What users experience: their own view of recovery and of the service, before and after."""

from evaltool.text import t
from evaltool.ui.session import lang
from evaltool.ui.side_page import side_page

side_page(side="user", title=t("page.users_title", lang()))
