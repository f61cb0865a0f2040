"""A comparison in words, for whoever decides whether the candidate goes live."""

from desk.improvement.candidates import Change, Comparison

SHOWN = 20  # changes; the rest is counted


def words_of(found: Comparison) -> str:
    """The comparison as lines of text."""
    lines = ["Holdout (never trained on)          live   candidate"]
    for held in found.holdout:
        name = f"  {held.language}, {held.lines} lines"
        live, candidate = (each / max(1, held.lines) for each in (held.live, held.candidate))
        lines.append(f"{name:<34}{live:>7.1%}{candidate:>11.1%}")
    lines += ["", *_of_last_week(found)]
    return "\n".join(lines)


def _of_last_week(found: Comparison) -> list[str]:
    if not found.replayed:
        return ["Last week nobody wrote, so there is nothing to replay."]
    lines = [
        f"Last week's messages: {found.changed:,} of {found.replayed:,} would be understood "
        "differently.",
        f"  Not understood: {found.not_understood_live:,} live, "
        f"{found.not_understood_candidate:,} with the candidate.",
    ]
    for change in found.changes[:SHOWN]:
        lines += _change(change)
    left = found.changes[SHOWN:]
    if left:
        lines.append(f"  and {sum(c.count for c in left):,} in {len(left):,} other ways")
    return lines


def _change(change: Change) -> list[str]:
    head = f"  {change.count:>5,}  {change.before} → {change.after}"
    return [head, *(f"           “{example}”" for example in change.examples)]
