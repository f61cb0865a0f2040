"""Jobs with a priority, a deadline and rounds, also without a conversation; and every run."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_job_attempts"
down_revision = "20261122_upset"
branch_labels = None
depends_on = None

OPEN = "(status IN ('queued', 'waiting', 'working')) = (settled_at IS NULL)"
OPEN_BEFORE = "(status IN ('queued', 'working')) = (settled_at IS NULL)"
NEW_COLUMNS = (
    sa.Column("asked_by", sa.String(32), nullable=False, server_default="conversation"),
    sa.Column("priority", sa.Integer(), nullable=False, server_default="5"),
    sa.Column("not_before_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("round", sa.Integer(), nullable=False, server_default="1"),
    sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("last_step", sa.String(), nullable=True),
    sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("expected_p90_seconds", sa.Integer(), nullable=False, server_default="180"),
)


def upgrade() -> None:
    with op.batch_alter_table("jobs") as jobs:
        for column in NEW_COLUMNS:
            jobs.add_column(column.copy())
        jobs.alter_column("conversation_id", existing_type=sa.Uuid(), nullable=True)
        jobs.drop_constraint(op.f("ck_jobs_settled_has_time"), type_="check")
        jobs.create_check_constraint(op.f("ck_jobs_settled_has_time"), OPEN)
        jobs.create_check_constraint(op.f("ck_jobs_priority_in_range"), "priority BETWEEN 1 AND 9")
    op.create_index("ix_jobs_status_created_at", "jobs", ["status", "created_at"])
    _attempts()


def downgrade() -> None:
    op.drop_table("job_attempts")
    op.drop_index("ix_jobs_status_created_at", "jobs")
    with op.batch_alter_table("jobs") as jobs:
        jobs.drop_constraint(op.f("ck_jobs_priority_in_range"), type_="check")
        jobs.drop_constraint(op.f("ck_jobs_settled_has_time"), type_="check")
        jobs.create_check_constraint(op.f("ck_jobs_settled_has_time"), OPEN_BEFORE)
        jobs.alter_column("conversation_id", existing_type=sa.Uuid(), nullable=False)
        for column in NEW_COLUMNS:
            jobs.drop_column(column.name)


def _attempts() -> None:
    op.create_table(
        "job_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ending", sa.String(32), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(ending IS NULL) = (ended_at IS NULL)", name=op.f("ck_job_attempts_ended_has_time")
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_attempts_job_id_jobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_attempts")),
        sa.UniqueConstraint("job_id", "number", name=op.f("uq_job_attempts_job_id_number")),
    )
