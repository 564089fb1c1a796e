"""How Sphinx builds the course's site from the folder that build.py fills. Nothing is fetched and nothing is run."""

project = "2-D convolution by hand"
extensions = ["myst_nb"]
html_theme = "furo"
html_title = project
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
# The lessons come with their outputs.
nb_execution_mode = "off"
myst_heading_anchors = 3
# Pages link to files of the repository too, which are not part of the site.
suppress_warnings = ["myst.xref_missing", "mystnb.unknown_mime_type"]
# Formulas are few, and shown as they are written: MathJax would have to be fetched.
myst_enable_extensions: list[str] = []
