"""What the public has typed into the referral form, sealed with a code that is kept nowhere."""

from icart_common.db.migrate import apply_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    apply_sql(__file__)
