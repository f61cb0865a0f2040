"""Why a set-up stops."""


class CannotGoOn(Exception):
    """The set-up stops here. The message is the one line that tells the owner what to do."""
