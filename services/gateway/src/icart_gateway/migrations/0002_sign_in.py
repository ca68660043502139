"""Signing in: what a browser is in the middle of, and every post that somebody holds."""

from icart_common.db.migrate import apply_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    apply_sql(__file__)
