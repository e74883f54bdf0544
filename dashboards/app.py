"""Navigation only: which pages there are, in which language."""

import streamlit as st

from evaltool.text import t
from evaltool.ui import look
from evaltool.ui.icon import page_icon
from evaltool.ui.session import DEPARTMENT_PATH, QUALITY_PATH, lang

language = lang()
st.set_page_config(page_title="evaltool", page_icon=page_icon(), layout="wide")
look.apply()
page = st.navigation(
    [
        st.Page("views/overview.py", title=t("page.overview", language), default=True),
        st.Page("views/department.py", title=t("page.department", language), url_path=DEPARTMENT_PATH),
        st.Page("views/data_quality.py", title=t("page.quality", language), url_path=QUALITY_PATH),
    ],
    position="top",
)
page.run()
