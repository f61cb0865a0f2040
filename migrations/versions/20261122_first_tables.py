"""The first tables: people, conversations, hand-offs, jobs, tickets and the log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

revision = "20261122_first_tables"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


class Xid8(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


def _tx() -> sa.Column[str]:
    # SQLite has one writer at a time, so there the position alone is the order.
    if op.get_bind().dialect.name == "postgresql":
        return sa.Column(
            "tx", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False
        )
    return sa.Column("tx", sa.Integer(), server_default=sa.text("0"), nullable=False)


def upgrade() -> None:
    _customers()
    _events()
    _people()
    _conversations()
    _sign_ins()
    _escalations()
    _jobs()
    _tickets()
    _turns()
    _cues()
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_events_tx_position", "events", ["tx", "position"])


def downgrade() -> None:
    for table in (
        "cues",
        "turns",
        "tickets",
        "jobs",
        "escalations",
        "sign_ins",
        "conversations",
        "people",
        "events",
        "customers",
    ):
        op.drop_table(table)


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_external_id"), "customers", ["external_id"], unique=False)


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=True),
            nullable=False,
        ),
        _tx(),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("stream", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "audience",
            sa.Enum("customer", "staff", name="audience", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
        sa.UniqueConstraint("stream", "number", name=op.f("uq_events_stream_number")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_events_conversation_id_position",
        "events",
        ["conversation_id", "position"],
        unique=False,
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("agent", "supervisor", "admin", name="role", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_people_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("open", "resolved", name="status", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "answered_by",
            sa.Enum("bot", "queue", "agent", name="answerer", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("sentiment", sa.Double(), nullable=True),
        sa.Column(
            "goal_reached_by",
            sa.Enum("bot", "robot", "agent", name="resolver", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("turn_count", sa.Integer(), nullable=False),
        sa.Column("turns_since_cut", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_holder", sa.String(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_by = 'agent') = (agent_id IS NOT NULL)",
            name=op.f("ck_conversations_agent_is_named"),
        ),
        sa.CheckConstraint(
            "status = 'open' OR answered_by = 'bot'",
            name=op.f("ck_conversations_resolved_waits_for_nobody"),
        ),
        sa.CheckConstraint(
            "(status = 'resolved') = (resolved_at IS NOT NULL)",
            name=op.f("ck_conversations_resolved_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["people.id"], name=op.f("fk_conversations_agent_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_conversations_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint(
            "customer_id", "client_id", name=op.f("uq_conversations_customer_id_client_id")
        ),
    )
    op.create_index(op.f("ix_conversations_agent_id"), "conversations", ["agent_id"], unique=False)
    op.create_index(
        op.f("ix_conversations_customer_id"), "conversations", ["customer_id"], unique=False
    )
    op.create_index(
        "ix_conversations_status_answered_by",
        "conversations",
        ["status", "answered_by"],
        unique=False,
    )


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(), nullable=False),
        sa.Column("csrf_token", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ins_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_ins_token_digest")),
    )
    op.create_index(op.f("ix_sign_ins_person_id"), "sign_ins", ["person_id"], unique=False)


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "requested",
                "offered",
                "system",
                "takeover",
                name="kind",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "asked_for_a_person",
                "not_understood",
                "complaint",
                "not_solved",
                "negative_sentiment",
                "robot_gave_up",
                "bot_failed",
                "agent_stepped_in",
                name="reason",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("packet", JSON, nullable=False),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (agent_id IS NULL)",
            name=op.f("ck_escalations_accepted_by_somebody"),
        ),
        sa.CheckConstraint(
            "closed_at >= accepted_at", name=op.f("ck_escalations_closed_after_accepted")
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["people.id"], name=op.f("fk_escalations_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_escalations_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    op.create_index(
        op.f("ix_escalations_conversation_id"), "escalations", ["conversation_id"], unique=False
    )
    op.create_index(
        "uq_escalations_one_open",
        "escalations",
        ["conversation_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("inputs", JSON, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "working",
                "done",
                "refused",
                "gave_up",
                name="jobstatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("expected_seconds", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('queued', 'working')) = (settled_at IS NULL)",
            name=op.f("ck_jobs_settled_has_time"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_jobs_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
        sa.UniqueConstraint("key", name=op.f("uq_jobs_key")),
    )
    op.create_index(op.f("ix_jobs_conversation_id"), "jobs", ["conversation_id"], unique=False)
    op.create_index("ix_jobs_kind_settled_at", "jobs", ["kind", "settled_at"], unique=False)


def _tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "complaint", "question", "task", name="ticketkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column(
            "priority",
            sa.Enum("low", "normal", "high", name="priority", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum("open", "closed", name="ticketstatus", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_tickets_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("key", name=op.f("uq_tickets_key")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    op.create_index(
        op.f("ix_tickets_conversation_id"), "tickets", ["conversation_id"], unique=False
    )


def _turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column(
            "author",
            sa.Enum(
                "customer", "bot", "agent", "system", name="author", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("agent_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("quick_replies", JSON, nullable=False),
        sa.Column("chosen", sa.String(), nullable=True),
        sa.Column("cue_id", sa.Uuid(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("sentiment", sa.Double(), nullable=True),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_turns_confidence_in_range")),
        sa.CheckConstraint("sentiment BETWEEN -1 AND 1", name=op.f("ck_turns_sentiment_in_range")),
        sa.ForeignKeyConstraint(["agent_id"], ["people.id"], name=op.f("fk_turns_agent_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_turns_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint(
            "conversation_id", "client_id", name=op.f("uq_turns_conversation_id_client_id")
        ),
        sa.UniqueConstraint(
            "conversation_id", "sequence", name=op.f("uq_turns_conversation_id_sequence")
        ),
        sa.UniqueConstraint("cue_id", "place", name=op.f("uq_turns_cue_id_place")),
    )


def _cues() -> None:
    op.create_table(
        "cues",
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("message", "news", name="cuekind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("turn_id", sa.Uuid(), nullable=True),
        sa.Column("payload", sa.String(), nullable=True),
        sa.Column("intent", sa.String(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "due",
                "answered",
                "failed",
                "dropped",
                name="cuestatus",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'message') = (turn_id IS NOT NULL)", name=op.f("ck_cues_message_has_turn")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_cues_conversation_id")
        ),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_cues_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cues")),
        sa.UniqueConstraint(
            "conversation_id", "number", name=op.f("uq_cues_conversation_id_number")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_cues_key")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_cues_turn_id")),
    )
    op.create_index("ix_cues_status_created_at", "cues", ["status", "created_at"], unique=False)
