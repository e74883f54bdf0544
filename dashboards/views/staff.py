"""What staff think: attitudes, knowledge and practice, before and after."""

from evaltool.text import t
from evaltool.ui.session import lang
from evaltool.ui.side_page import side_page

side_page(side="staff", title=t("page.staff_title", lang()))
