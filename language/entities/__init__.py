"""What a line names: orders, e-mails, amounts, days, addresses, products, quantities, telephone
numbers and people. Rules for what has a form; a trained part for what has none (`trained`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from language.entities.addresses import addresses
from language.entities.amounts import amounts
from language.entities.dates import dates
from language.entities.names import names
from language.entities.phones import phones
from language.entities.products import shelf
from language.entities.quantities import quantities
from language.entities.references import references
from language.entities.spans import Entity, folded, without_overlaps

__all__ = ["Entity", "entities"]

CERTAIN = ("phone", "email", "amount_of_money", "date")
LONGEST_LINE = 2_000  # characters that are read; a message has no more


def entities(line: str, today: date, learned: Iterable[Entity] = ()) -> list[Entity]:
    """Everything that `line` names, without overlaps, in order; positions are those of `line`.

    Days are reckoned from `today`. `learned` is what a trained model found in the folded line
    (see `trained.Trained.find`); rules beat it where both claim a stretch that is equally long.
    """
    read = folded(line[:LONGEST_LINE]).cut(LONGEST_LINE)
    found = list(written(read.text, today))
    found += [each for each in learned if not _contradicts(each, found)]
    return [read.as_written(each) for each in without_overlaps(found)]


def _contradicts(each: Entity, found: list[Entity]) -> bool:
    """Whether it claims what a rule knows better: no address holds a telephone number."""
    return any(
        other.kind in CERTAIN and other.start < each.end and each.start < other.end
        for other in found
    )


def written(line: str, today: date) -> Iterator[Entity]:
    """What the rules see in a folded line; some of it may overlap."""
    yield from references(line)
    yield from amounts(line)
    yield from dates(line, today)
    yield from phones(line)
    yield from addresses(line)
    yield from shelf().find(line)
    yield from names(line)
    yield from quantities(line)
