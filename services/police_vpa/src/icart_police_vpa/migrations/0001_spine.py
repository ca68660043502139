"""The spine: what every service has, and the assessments."""

from __future__ import annotations

from icart_common.db.migrate import apply_messaging, apply_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    apply_messaging()
    apply_sql(__file__)
