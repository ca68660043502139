"""What leaves is written as it is, not compressed."""

from icart_common.db.migrate import apply_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    apply_sql(__file__)
