"""What people are typing, what they have sent, and who has which record open."""

from icart_common.db.migrate import apply_sql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    apply_sql(__file__)
