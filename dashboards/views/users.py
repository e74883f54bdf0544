"""What users experience: their own view of recovery and of the service, before and after, and who changed."""

from evaltool.text import t
from evaltool.ui.session import lang
from evaltool.ui.side_page import side_page
from evaltool.ui.views_part import views_part

side_page(side="user", title=t("page.users_title", lang()),
          more=lambda: views_part(views=("changed", "perspectives", "domains", "answers", "scales", "sessions", "themes"), side="user"))
