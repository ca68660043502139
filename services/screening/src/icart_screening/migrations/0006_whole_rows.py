"""What a contact is and what happened to it is written as it is, not compressed."""

from icart_common.db.migrate import apply_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    apply_sql(__file__)
