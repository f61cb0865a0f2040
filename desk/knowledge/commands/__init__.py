"""Making the index, and noting what became of an answer."""

from desk.knowledge.commands.indexing import Made, make_index
from desk.knowledge.commands.showing import Shown, note_unanswered, settle_solved, show

__all__ = ["Made", "Shown", "make_index", "note_unanswered", "settle_solved", "show"]
