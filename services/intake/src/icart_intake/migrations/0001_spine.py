"""The messaging tables, and intake's own: submissions, known people, contacts at the door, relationships."""

from icart_common.db.migrate import apply_messaging, apply_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    apply_messaging()
    apply_sql(__file__)
