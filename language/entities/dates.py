"""Days that a customer names, as an ISO date: absolute ones, and relative ones from today.

dateparser was tried first and not taken: the version that Rasa's pins allow reads 2024年3月5日 as
the 3rd of May and knows neither "last Tuesday" nor 上周二 nor 三月五号, and the newer one reads
most Chinese days not at all. What is written is narrow enough for patterns; the arithmetic is
dateutil's.

Readings, where there are several:
- 03/04 is the 3rd of April; in a Chinese line it is the 4th of March (月/日).
- A day without a year, or a weekday alone, has passed, unless it is less than a month ahead or
  the words before it look ahead ("by", "until", 之前). Customers mostly speak of what they bought.
- "last Tuesday" is the latest one before today, "next Tuesday" the first one after today;
  上周二 and 下周二 are those of the week before and after, as weeks begin on Monday.
- A week, month or year is its first day; `more["grain"]` then says `week`, `month` or `year`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from language.entities.days_chinese import CHINESE_DAYS
from language.entities.days_english import DAYS_IN_FIGURES, ENGLISH_DAYS
from language.entities.reckoning import Reading
from language.entities.spans import Entity

FARTHEST_YEARS = 100


def dates(line: str, today: date) -> Iterator[Entity]:
    """Every day that a folded line names; the value is an ISO date."""
    reading = Reading(line, today)
    for pattern, read in (
        *DAYS_IN_FIGURES,
        *(CHINESE_DAYS if reading.is_chinese else ()),
        *ENGLISH_DAYS,
    ):
        for found in pattern.finditer(line):
            meant = read(reading, found)
            if meant is None:
                continue
            day, grain = meant if isinstance(meant, tuple) else (meant, "day")
            if abs(day.year - today.year) <= FARTHEST_YEARS:
                more = {} if grain == "day" else {"grain": grain}
                yield Entity("date", *found.span(), day.isoformat(), is_named=True, more=more)
