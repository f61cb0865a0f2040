"""Who is served before whom, which agents are there and for what, and what is offered to them."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_routing"
down_revision = "20261128_promises"
branch_labels = None
depends_on = None

OPEN = sa.text("standing = 'open'")
NOW = sa.DateTime(timezone=True)
LONG_AGO = "1970-01-01 00:00:00"


def upgrade() -> None:
    op.add_column("customers", sa.Column("segment", sa.String(), nullable=True))
    # Plain additions: SQLite copies no table for them, so partial indexes stay as they are.
    priority = sa.Column("priority", sa.String(32), nullable=False, server_default="ordinary")
    counts_from = sa.Column("counts_from", NOW, nullable=False, server_default=LONG_AGO)
    for column in (priority, counts_from):
        op.add_column("escalations", column)
    op.execute("UPDATE escalations SET counts_from = created_at")
    op.create_index("ix_escalations_accepted_at", "escalations", ["accepted_at"])
    _agents()
    _offers()


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", NOW, nullable=False),
        sa.Column("presence", sa.String(32), nullable=False),
        sa.Column("wish", sa.String(32), nullable=False),
        sa.Column("since", NOW, nullable=False),
        sa.Column("seen_at", NOW, nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("offered_at", NOW, nullable=True),
        sa.CheckConstraint("capacity BETWEEN 0 AND 50", name=op.f("ck_agents_capacity_in_range")),
        sa.CheckConstraint("missed >= 0", name=op.f("ck_agents_missed_some")),
        sa.CheckConstraint(
            "presence = 'offline' OR seen_at IS NOT NULL", name=op.f("ck_agents_seen_if_there")
        ),
        sa.ForeignKeyConstraint(["id"], ["people.id"], name=op.f("fk_agents_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agents")),
    )
    op.create_table(
        "skills",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", NOW, nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_skills_level_in_range")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_skills_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_skills")),
        sa.UniqueConstraint(
            "person_id", "topic", "language", name=op.f("uq_skills_person_id_topic_language")
        ),
    )
    op.create_table(
        "topic_needs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", NOW, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_topic_needs_level_in_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_needs")),
        sa.UniqueConstraint("topic", name=op.f("uq_topic_needs_topic")),
    )


def _offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", NOW, nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("escalation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", NOW, nullable=False),
        sa.Column("standing", sa.String(32), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("closed_at", NOW, nullable=True),
        sa.CheckConstraint(
            "(standing = 'open') = (closed_at IS NULL)", name=op.f("ck_offers_closed_has_time")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_offers_conversation_id_conversations"),
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalations.id"],
            name=op.f("fk_offers_escalation_id_escalations"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_offers_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    only_open = {"sqlite_where": OPEN, "postgresql_where": OPEN}
    op.create_index("uq_offers_one_open", "offers", ["escalation_id"], unique=True, **only_open)
    op.create_index("ix_offers_open_person_id", "offers", ["person_id"], **only_open)
    op.create_index("ix_offers_escalation_id", "offers", ["escalation_id"])
    op.create_index("ix_offers_created_at", "offers", ["created_at"])


def downgrade() -> None:
    for table in ("offers", "topic_needs", "skills", "agents"):
        op.drop_table(table)
    op.drop_index("ix_escalations_accepted_at", "escalations")
    for column in ("counts_from", "priority"):
        op.drop_column("escalations", column)
    op.drop_column("customers", "segment")
