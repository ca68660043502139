"""Records that are shut, glass that was broken, and the trail of reads."""

from icart_common.db.migrate import apply_sql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    apply_sql(__file__)
