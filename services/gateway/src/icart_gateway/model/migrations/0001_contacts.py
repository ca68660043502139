"""The tables of the batch machinery, and contacts as the pages list them."""

from icart_common.db.migrate import apply_messaging, apply_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    apply_messaging()
    apply_sql(__file__)
