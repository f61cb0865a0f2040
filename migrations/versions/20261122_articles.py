"""What became of answers from articles, and what no article answered."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_articles"
down_revision = "20261122_lessons"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_showings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("cue_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("chance", sa.Double(), nullable=True),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(verdict IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_article_showings_verdict_has_time"),
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR asks", name=op.f("ck_article_showings_no_verdict_unasked")
        ),
        sa.CheckConstraint(
            "chance BETWEEN 0 AND 1", name=op.f("ck_article_showings_chance_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_article_showings_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_showings")),
        sa.UniqueConstraint("cue_id", "slug", name=op.f("uq_article_showings_cue_id_slug")),
    )
    op.create_index(
        op.f("ix_article_showings_conversation_id"), "article_showings", ["conversation_id"]
    )
    op.create_index(
        "ix_article_showings_created_at_slug", "article_showings", ["created_at", "slug"]
    )
    op.create_table(
        "unanswered_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("cue_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.Column("nearest", sa.String(), nullable=True),
        sa.CheckConstraint(
            "chance BETWEEN 0 AND 1", name=op.f("ck_unanswered_questions_chance_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_unanswered_questions_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unanswered_questions")),
        sa.UniqueConstraint("cue_id", name=op.f("uq_unanswered_questions_cue_id")),
    )
    op.create_index(
        op.f("ix_unanswered_questions_conversation_id"),
        "unanswered_questions",
        ["conversation_id"],
    )
    op.create_index("ix_unanswered_questions_created_at", "unanswered_questions", ["created_at"])


def downgrade() -> None:
    op.drop_table("unanswered_questions")
    op.drop_table("article_showings")
