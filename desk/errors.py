"""What the desk can refuse, in words; each door decides how to say it."""


class DeskError(Exception):
    """Something that can be explained to whoever asked."""


class NotFound(DeskError):
    """There is no such thing, or the asker may not know of it."""


class Conflict(DeskError):
    """It cannot be done as things stand."""


class Forbidden(DeskError):
    """The asker may not do this."""


class Invalid(DeskError):
    """The asker must change the request itself."""
