"""What a process logs, and says when it dies, holds nothing personal."""

import logging
import subprocess
import sys
import time

import pytest

from language.log_redaction import LEFT_OUT, LogRedaction, redact_traceback
from tests.running import ROOT

PERSONAL = (
    "my name is Anna Kern, card 4111 1111 1111 1111, call 020 7946 0958 or mail anna@example.com"
)
NEEDLES = ("Anna", "Kern", "4111", "7946", "anna@example.com")


@pytest.fixture
def record() -> logging.LogRecord:
    return logging.LogRecord(
        "desk", logging.WARNING, __file__, 1, "Turn %s: %s", ("t1", PERSONAL), None
    )


def test_what_is_put_into_a_line_is_redacted_and_the_line_stays(record: logging.LogRecord) -> None:
    assert LogRedaction().filter(record)
    assert record.getMessage() == (
        "Turn t1: my name is [name], card [card], call [phone] or mail [e-mail]"
    )


def test_our_own_lines_stay_as_they_are() -> None:
    for line, values in (
        ("Worker %s (%s) is ready.", ("main", 4711)),
        ("job %s: robot %s ended with %s in %.1f s", ("8f3c", "refund", "status 0", 2.5)),
        ("Could not see to conversation %s.", ("5f0c9f0e-57c4-4a8f-8a9c-0b3f5f1c2d3e",)),
        ("The log cannot be read just now; trying again.", ()),
    ):
        record = logging.LogRecord("desk", logging.INFO, __file__, 1, line, values, None)
        LogRedaction().filter(record)
        assert record.getMessage() == line % values


def test_of_a_traceback_the_frames_stay_and_the_words_go() -> None:
    try:
        int(PERSONAL)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Failed.", (), sys.exc_info())
    LogRedaction().filter(record)
    told = logging.Formatter().format(record)
    assert "int(PERSONAL)" in told
    assert f'File "{__file__}"' in told
    assert not [needle for needle in NEEDLES if needle in told]


def test_a_record_that_cannot_be_redacted_is_left_out() -> None:
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "%d %s", (PERSONAL,), None)
    LogRedaction().filter(record)
    assert record.getMessage() == LEFT_OUT


def test_an_exception_within_another_is_redacted_too() -> None:
    told = redact_traceback(
        "Traceback (most recent call last):\n"
        '  File "a.py", line 3, in tell\n    raise ValueError(text)\n'
        f"ValueError: {PERSONAL}\n\nDuring handling of the above exception, another occurred:\n\n"
        'Traceback (most recent call last):\n  File "b.py", line 9, in say\n    tell()\n'
        f"RuntimeError: not said: {PERSONAL}"
    )
    assert 'File "b.py", line 9, in say\n    tell()' in told
    assert not [needle for needle in NEEDLES if needle in told]


@pytest.mark.parametrize(
    "deed",
    [
        "logging.getLogger('any').warning('heard: %s', text)",
        "logging.getLogger('any').error(text)",
        "logging.getLogger('any').error('%(words)s', {'words': text})",
        "raise RuntimeError(text)",
        "t = threading.Thread(target=lambda: int(text)); t.start(); t.join()",
        "logging.getLogger('any').warning('at', stack_info=True, extra={'told': text})",
    ],
)
def test_whatever_a_process_says_is_redacted_once_it_is_installed(deed: str) -> None:
    program = (
        "import logging, sys, threading\n"
        "from language import log_redaction\n"
        "logging.basicConfig(level=logging.INFO)\n"
        "log_redaction.install(); log_redaction.install()\n"
        f"text = sys.stdin.read()\n{deed}\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        input=PERSONAL,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert said
    assert not [needle for needle in NEEDLES if needle in said], said


@pytest.mark.alone
def test_a_line_costs_little() -> None:
    redaction = LogRedaction()

    def log() -> None:
        redaction.filter(
            logging.LogRecord(
                "desk", logging.INFO, "", 1, "job %s ended in %.1f s", ("a1", 2.5), None
            )
        )

    log()
    began = time.perf_counter()
    for _ in range(100):
        log()
    assert (time.perf_counter() - began) / 100 < 0.005  # seconds; measured: 0.000_2
