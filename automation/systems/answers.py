"""How a system answers that does not do what was asked: it says no, knows nothing, or is broken."""


class Refused(Exception):
    """The system says no; `number` is that of its red box, as E102."""

    def __init__(self, number: str, text: str) -> None:
        super().__init__(text)
        self.number = number


class RecordUnknown(Exception):
    """No order, customer, account or parcel has this number or address."""


class Broken(Exception):
    """Something failed that may go better on another try. Each kind has its `code`."""

    code = "BROKEN"
