"""Statutory notices, as far as they are checked and answered."""

from icart_common.db.migrate import apply_sql

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    apply_sql(__file__)
