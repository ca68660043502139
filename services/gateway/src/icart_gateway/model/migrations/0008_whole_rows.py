"""What happened, and what agencies are told, is written as it is, not compressed."""

from icart_common.db.migrate import apply_sql

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    apply_sql(__file__)
