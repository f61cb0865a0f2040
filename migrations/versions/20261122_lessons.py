"""What people taught the bot about messages it had not understood."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_lessons"
down_revision = "20261122_conversation_facts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_lessons_turn_id_turns")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_lessons_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lessons")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_lessons_turn_id")),
    )
    op.create_index("ix_lessons_written_at", "lessons", ["written_at"])


def downgrade() -> None:
    op.drop_table("lessons")
