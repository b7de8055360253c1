# SPDX-License-Identifier: GPL-2.0-only
"""How Sphinx builds this folder: `sphinx-build -W -q -b html Documentation build/doc`."""

import pathlib
import re

project = "quartet"
release = re.search(r"^QUARTET_VERSION := (\S+)",
                    (pathlib.Path(__file__).parents[1] / "Kbuild").read_text(), re.MULTILINE)[1]
html_theme = "alabaster"
html_show_copyright = False
