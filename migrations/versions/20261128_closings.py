"""Failed jobs that a person has closed."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_closings"
down_revision = "20261128_approvals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_closings_job_id_jobs")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_closings_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
        sa.UniqueConstraint("job_id", name=op.f("uq_closings_job_id")),
    )


def downgrade() -> None:
    op.drop_table("closings")
