"""How likely the customer is upset, beside what they feel; and the turns not yet understood."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_upset"
down_revision = "20261122_articles"
branch_labels = None
depends_on = None

TABLES = ("conversations", "turns")
UNREAD = sa.text("author = 'customer' AND intent IS NULL AND chosen IS NULL")


def upgrade() -> None:
    for table in TABLES:  # both databases take a column with its check; alembic copies the table
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN upset DOUBLE PRECISION "
            f"CONSTRAINT ck_{table}_upset_in_range CHECK (upset BETWEEN 0 AND 1)"
        )
    op.create_index(
        "ix_turns_unread", "turns", ["created_at"], sqlite_where=UNREAD, postgresql_where=UNREAD
    )


def downgrade() -> None:
    op.drop_index("ix_turns_unread", "turns")
    for table in TABLES:
        op.drop_column(table, "upset")
