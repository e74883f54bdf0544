"""What staff think: attitudes, knowledge and practice, before and after, beside what leaders and users see."""

from evaltool.text import t
from evaltool.ui.session import lang
from evaltool.ui.side_page import side_page
from evaltool.ui.views_part import views_part

side_page(side="staff", title=t("page.staff_title", lang()),
          more=lambda: views_part(views=("perspectives", "domains", "answers", "scales", "values", "themes"), side="staff"))
