"""What paid money back, whether it waited for a supervisor's word, and who gave or refused it."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_approvals"
down_revision = "20261128_job_attempts"
branch_labels = None
depends_on = None

CHECKS = {
    "waits_for_a_reason": "(standing = 'free') = (why IS NULL)",
    "decided_has_time": "(standing IN ('approved', 'refused')) = (decided_at IS NOT NULL)",
    "decided_by_somebody": "(decided_at IS NULL) = (person_id IS NULL)",
    "refused_for_a_reason": "standing <> 'refused' OR reason IS NOT NULL",
    "amount_has_currency": "(amount_minor IS NULL) = (currency IS NULL)",
}


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("amount_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(), nullable=True),
        sa.Column("why", sa.String(32), nullable=True),
        sa.Column("refunds_before", sa.Integer(), nullable=False),
        sa.Column("standing", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_approvals_{name}"))
            for name, rule in CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_approvals_job_id_jobs")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_approvals_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("job_id", "round", name=op.f("uq_approvals_job_id_round")),
    )
    op.create_index("ix_approvals_standing_created_at", "approvals", ["standing", "created_at"])
    op.create_index("ix_approvals_owner_created_at", "approvals", ["owner", "created_at"])


def downgrade() -> None:
    op.drop_table("approvals")
