"""Navigation only: which pages there are, in which language, for whom."""

import streamlit as st

from evaltool.ui import look
from evaltool.ui.door import door
from evaltool.ui.icon import page_icon
from evaltool.ui.menu import menu
from evaltool.ui.plain_errors import plain_errors
from evaltool.ui.session import begin
from evaltool.ui.visits import visits

st.set_page_config(page_title="evaltool", page_icon=page_icon(), layout="wide")
with plain_errors():
    begin()
    look.apply()
    door()
    page = menu()
    visits(page=page.url_path)
    page.run()
