"""Whether a line is what somebody would say, or was written by a machine or for one."""

import json
import re

COMMAND = re.compile(r"[/\uff0f][A-Za-z_]")
TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
LOG_LINE = re.compile(
    r"^\s*(?:\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?\d\d:\d\d:\d\d"
    r"|(?:DEBUG|INFO|WARN(?:ING)?|ERROR|FATAL)\b"
    r"|Traceback \(|File \"|at [\w.$]+\(|(?:\w+\.)+\w*(?:Error|Exception|Timeout)\b)"
)
MOST_TAGS = 0.3  # of a line's characters
MOST_LOG_LINES = 0.5
ENDLESS, REPEATED = 500, 20  # characters; times: somebody angry says one thing five times, or ten


def is_speech(text: str) -> bool:
    """False for commands, JSON, markup, pasted logs and one phrase without end, and for a line
    without any letter or digit: none of it can be taken for a wish, whatever words stand in it."""
    told = text.strip()
    if not any(character.isalnum() for character in told) or COMMAND.match(told):
        return False
    return not (_is_json(told) or _is_markup(told) or _is_log(told) or _is_endless(told))


def _is_json(text: str) -> bool:
    if text[0] not in "{[" or text[-1] not in "}]":
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_markup(text: str) -> bool:
    inside = sum(len(tag) for tag in TAG.findall(text))
    return inside >= MOST_TAGS * len(text)


def _is_log(text: str) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    logged = sum(LOG_LINE.match(line) is not None for line in lines)
    return len(lines) > 1 and logged >= MOST_LOG_LINES * len(lines)


def _is_endless(text: str) -> bool:
    """Nothing but one phrase, over and over."""
    if len(text) < ENDLESS:
        return False
    return any(text[size:] == text[:-size] for size in range(1, len(text) // REPEATED + 1))
