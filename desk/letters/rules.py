"""When a customer counts as gone, and what a letter says."""

from datetime import datetime, timedelta

SEEN_EVERY_SECONDS = 10.0
ABSENT_FOR = timedelta(seconds=30)  # after the words were said; long enough for a page to reload
LOOK_AGAIN = timedelta(seconds=20)
LOOKS = 60  # until the words have been said; then nobody will say them


def was_there(seen_at: datetime | None, said_at: datetime) -> bool:
    """Whether the words were said to somebody: the page was open then, or since."""
    return seen_at is not None and seen_at >= said_at - timedelta(seconds=SEEN_EVERY_SECONDS / 2)


def body(frame: str, said: list[str]) -> str:
    """The letter: what was said in the chat, within the words that explain it."""
    return frame.replace("{said}", "\n\n".join(said))
