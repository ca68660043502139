"""Whose a dead letter is, as far as anybody can tell."""

from icart_common.db.migrate import apply_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    apply_sql(__file__)
