"""No personal data in logs: every record of a process is redacted before any handler sees it.

Our own words in a record (the template) are read by the rules alone. What was put into them, and
the messages of exceptions, may be a customer's words: where they are prose, the trained part
reads them too. Only records that are really written cost anything.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from language.entities.trained import is_worth_a_look
from language.privacy import redact

LEFT_OUT = "A log line is left out: it could not be redacted."
_PROSE = re.compile(r"\w\s+\w|[\u4e00-\u9fff]{4}")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_FRAME = re.compile(r'\s+File "[^"]*", line \d+')

_Factory = Callable[..., logging.LogRecord]


class LogRedaction(logging.Filter):
    """Lets every record through, without the personal data in it. `install` does this for a whole
    process; as a filter it can be put on a single handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            _clean(record)
        except Exception:  # whatever goes wrong here, the record must not pass as it is
            record.msg, record.args = LEFT_OUT, ()
            record.exc_info = record.exc_text = record.stack_info = None
        return True


def install() -> None:
    """Redact all that this process logs, whoever logs it and wherever it goes, and what it says
    when it dies of an exception. Safe to repeat."""
    before = logging.getLogRecordFactory()
    if not isinstance(before, _Redacting):
        logging.setLogRecordFactory(_Redacting(before))
        sys.excepthook = _say_last_words
        threading.excepthook = _say_last_words_of_thread


class _Redacting:
    def __init__(self, before: _Factory) -> None:
        self._before = before
        self._redaction = LogRedaction()

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._before(*args, **kwargs)
        self._redaction.filter(record)
        return record


def _clean(record: logging.LogRecord) -> None:
    _clean_arguments(record)
    message = record.getMessage()
    redacted = redact(message, thoroughly=False)
    if redacted != message:
        record.msg, record.args = redacted, ()
    if record.exc_info and record.exc_info[0] is not None:
        told = "".join(traceback.format_exception(*record.exc_info)).rstrip("\n")
        record.exc_text, record.exc_info = redact_traceback(told), None
    elif record.exc_text:
        record.exc_text = redact_traceback(record.exc_text)
    if record.stack_info:
        record.stack_info = redact_traceback(record.stack_info)


def _clean_arguments(record: logging.LogRecord) -> None:
    if isinstance(record.args, tuple):
        record.args = tuple(_cleaned(each) for each in record.args)
    elif record.args:
        record.args = {name: _cleaned(each) for name, each in record.args.items()}


def _cleaned(argument: Any) -> Any:
    """What is no prose (numbers, ids, a name of a worker) stays what it is."""
    if isinstance(argument, (int, float)) or argument is None:
        return argument
    told = str(argument)
    if not _PROSE.search(told):
        return argument
    redacted = redact_traceback(told)
    return argument if redacted == told else redacted


def redact_traceback(told: str) -> str:
    """Without personal data in its messages; the frames and their lines of code stay readable."""
    kept: list[str] = []
    words: list[str] = []
    is_code = False
    for line in told.split("\n"):
        is_frame = _FRAME.match(line) is not None
        if is_frame or (is_code and line.startswith("    ")):
            kept += [*_redacted(words), line]
            words = []
            is_code = True
        else:
            words.append(line)
            is_code = False
    return "\n".join([*kept, *_redacted(words)])


def _redacted(words: list[str]) -> list[str]:
    told = "\n".join(words)
    language = "zh" if _CHINESE.search(told) else "en"
    return [redact(told, thoroughly=is_worth_a_look(told, language))] if words else []


def _say_last_words(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    told = "".join(traceback.format_exception(kind, error, trace))
    sys.stderr.write(redact_traceback(told))


def _say_last_words_of_thread(died: threading.ExceptHookArgs) -> None:
    if died.exc_value is not None and died.exc_type is not SystemExit:
        _say_last_words(died.exc_type, died.exc_value, died.exc_traceback)
