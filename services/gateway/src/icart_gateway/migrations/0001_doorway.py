"""What no topic holds: which generation of the read models serves, and who is signed in."""

from icart_common.db.migrate import apply_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    apply_sql(__file__)
