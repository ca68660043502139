"""What referrers are asked, the forms that are awaited, and what was returned."""

from icart_common.db.migrate import apply_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    apply_sql(__file__)
