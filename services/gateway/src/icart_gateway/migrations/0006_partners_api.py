"""Clients of the partners' API, receipts, uploads, webhooks, and the public's drafts of referrals."""

from icart_common.db.migrate import apply_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    apply_sql(__file__)
