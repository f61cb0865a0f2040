"""Facts per conversation, and how far the log has been read for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261122_conversation_facts"
down_revision = "20261122_first_tables"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "conversation_facts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("customer_turns", sa.Integer(), nullable=False),
        sa.Column("bot_turns", sa.Integer(), nullable=False),
        sa.Column("agent_turns", sa.Integer(), nullable=False),
        sa.Column("last_message_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sentiment", sa.Double(), nullable=True),
        sa.Column("person_took", sa.Boolean(), nullable=False),
        sa.Column("goal_reached", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("has_failed", sa.Boolean(), nullable=False),
        sa.Column("open_jobs", sa.Integer(), nullable=False),
        sa.Column("handoffs", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_facts")),
    )
    op.create_index("ix_conversation_facts_started_at", "conversation_facts", ["started_at"])
    op.create_index(
        "ix_conversation_facts_customer_id_started_at",
        "conversation_facts",
        ["customer_id", "started_at"],
    )
    op.create_table(
        "reading_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("tx", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_marks")),
        sa.UniqueConstraint("reader", name=op.f("uq_reading_marks_reader")),
    )


def downgrade() -> None:
    op.drop_table("reading_marks")
    op.drop_table("conversation_facts")
