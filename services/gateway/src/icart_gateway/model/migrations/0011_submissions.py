"""What became of each submission, under the reference that its referrer holds; and the questions to agencies."""

from icart_common.db.migrate import apply_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    apply_sql(__file__)
