"""Who has signed in, by the name that the identity provider gives them."""

from icart_common.db.migrate import apply_sql

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    apply_sql(__file__)
