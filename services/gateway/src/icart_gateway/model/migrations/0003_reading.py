"""Clocks, undertakings, documents, possible matches and merges: what pages show beside the contacts."""

from icart_common.db.migrate import apply_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    apply_sql(__file__)
