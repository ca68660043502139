"""How deliveries ended, what could not be handled, and what came and went by day and week."""

from icart_common.db.migrate import apply_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    apply_sql(__file__)
