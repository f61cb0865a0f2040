"""Calendars, what is promised by which policy, and the clocks of every promise."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261128_promises"
down_revision = "20261128_surveys"
branch_labels = None
depends_on = None

FACTS = sa.JSON().with_variant(JSONB(), "postgresql")
IN_USE = sa.text("retired_at IS NULL")
OPEN = sa.text("ended_at IS NULL")
POLICY_CHECKS = {
    "has_a_name": "name <> ''",
    "goal_is_a_share": "goal_percent BETWEEN 1 AND 100",
    "promises_something": (
        "COALESCE(first_reply_seconds, next_reply_seconds, resolution_seconds) IS NOT NULL"
    ),
}
PROMISE_CHECKS = {
    "ended_has_time": "(standing IN ('going', 'paused')) = (ended_at IS NULL)",
    "going_since": "(standing = 'going') = (since IS NOT NULL)",
    "going_is_due": "(standing = 'going') = (due_at IS NOT NULL)",
    "looked_at_while_going": "standing = 'going' OR look_at IS NULL",
    "time_goes_forward": "target_seconds > 0 AND used_microseconds >= 0",
}


def upgrade() -> None:
    _calendars()
    _policies()
    _promises()
    _watches()


def _calendars() -> None:
    op.create_table(
        "calendars",
        *_record("calendars"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("week", FACTS, nullable=False),
        sa.Column("holidays", FACTS, nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_calendars_has_a_name")),
    )
    _one_name("calendars")


def _policies() -> None:
    op.create_table(
        "promise_policies",
        *_record("promise_policies"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("applies_to", FACTS, nullable=False),
        sa.Column("first_reply_seconds", sa.Integer(), nullable=True),
        sa.Column("next_reply_seconds", sa.Integer(), nullable=True),
        sa.Column("resolution_seconds", sa.Integer(), nullable=True),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("goal_percent", sa.Integer(), nullable=False),
        sa.Column("steps", FACTS, nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        *_checks("promise_policies", POLICY_CHECKS),
        _points("promise_policies", "calendar_id", "calendars"),
    )
    _one_name("promise_policies")


def _promises() -> None:
    op.create_table(
        "promises",
        *_record("promises"),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("steps", FACTS, nullable=False),
        sa.Column("standing", sa.String(32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_microseconds", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("look_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked", sa.Integer(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("broken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_checks("promises", PROMISE_CHECKS),
        _points("promises", "conversation_id", "conversations"),
        _points("promises", "policy_id", "promise_policies"),
        _points("promises", "calendar_id", "calendars"),
    )
    for column in ("look_at", "conversation_id", "started_at"):
        op.create_index(f"ix_promises_{column}", "promises", [column])
    op.create_index(
        "uq_promises_one_open",
        "promises",
        ["conversation_id", "what"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def _watches() -> None:
    op.create_table(
        "promise_watches",
        *_record("promise_watches"),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=True),
        sa.Column("with_people", sa.Boolean(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        _points("promise_watches", "conversation_id", "conversations"),
        _points("promise_watches", "policy_id", "promise_policies"),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_promise_watches_conversation_id")),
    )


def _record(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _checks(table: str, rules: dict[str, str]) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}")) for name, rule in rules.items()
    ]


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _one_name(table: str) -> None:
    op.create_index(
        f"uq_{table}_name",
        table,
        ["name"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )


def downgrade() -> None:
    for table in ("promise_watches", "promises", "promise_policies", "calendars"):
        op.drop_table(table)
