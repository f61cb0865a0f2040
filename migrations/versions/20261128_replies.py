"""Texts kept ready for agents."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_replies"
down_revision = "20261128_notes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shortcut", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "language IN ('en', 'zh')", name=op.f("ck_canned_replies_language_is_ours")
        ),
        sa.CheckConstraint(
            "shortcut <> '' AND body <> ''", name=op.f("ck_canned_replies_says_something")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_canned_replies_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint(
            "shortcut", "language", name=op.f("uq_canned_replies_shortcut_language")
        ),
    )


def downgrade() -> None:
    op.drop_table("canned_replies")
