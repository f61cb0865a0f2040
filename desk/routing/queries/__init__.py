"""Reading who is there, who waits, and who is offered whom."""

from desk.routing.queries.board import Board, board
from desk.routing.queries.offers import (
    NoSuchOffer,
    Unanswered,
    agent,
    capacity_of,
    load_of,
    loads,
    offer,
    offers_to,
    offers_to_close,
    open_offer,
    pace,
    unanswered,
    unseen,
)
from desk.routing.queries.team import SkillDemand, Teammate, skill_demand, team, topic_needs

__all__ = [
    "Board",
    "NoSuchOffer",
    "SkillDemand",
    "Teammate",
    "Unanswered",
    "agent",
    "board",
    "capacity_of",
    "load_of",
    "loads",
    "offer",
    "offers_to",
    "offers_to_close",
    "open_offer",
    "pace",
    "skill_demand",
    "team",
    "topic_needs",
    "unanswered",
    "unseen",
]
