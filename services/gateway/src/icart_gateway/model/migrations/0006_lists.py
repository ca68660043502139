"""Lists and searches ask indexes that row-level security lets them ask; undertakings are folded from the log alone."""

from icart_common.db.migrate import apply_sql

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    apply_sql(__file__)
