"""Who is asked when, and for how long an answer counts."""

from datetime import datetime, timedelta

APART = timedelta(days=14)  # between two questions to one customer, whatever they came for
ANSWERABLE = timedelta(days=14)
SCORES = range(1, 6)
LONGEST_COMMENT = 1_000  # characters


def may_be_asked(last_asked_at: datetime | None, now: datetime) -> bool:
    """Whether a customer who was last asked then may be asked again."""
    return last_asked_at is None or now - last_asked_at >= APART


def may_be_answered(asked_at: datetime, now: datetime) -> bool:
    """Whether an answer is still about what the customer remembers."""
    return now - asked_at < ANSWERABLE
