"""What was decided of who is who, what was decided on the wrong record, the police's reports, and where clean documents lie."""

from icart_common.db.migrate import apply_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    apply_sql(__file__)
