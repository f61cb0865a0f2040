"""`python -m desk` is `desk`."""

from desk.cli import app

app()
