"""Whom each contact is about now, whatever was merged, parted or told apart since it was opened."""

from icart_common.db.migrate import apply_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    apply_sql(__file__)
