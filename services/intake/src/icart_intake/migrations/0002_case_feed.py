"""The case system's feed: whom it holds, episodes, relationships, addresses, and full loads."""

from icart_common.db.migrate import apply_sql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    apply_sql(__file__)
