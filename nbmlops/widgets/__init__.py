"""Answers that live: in a notebook front end, a widget beside the static page of `nbmlops.drawing`.

`living` decides whether an answer comes to life, `view` is the widget, `questions` is what it can
ask the kernel. What it runs in the browser is bundled from ``labextension/`` into ``static/``;
without that bundle answers stay static pages. anywidget is imported at the first widget.
"""
