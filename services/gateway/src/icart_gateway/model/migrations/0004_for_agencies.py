"""What agencies may hear of what they sent."""

from icart_common.db.migrate import apply_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    apply_sql(__file__)
