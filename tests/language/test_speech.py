import pytest

from language.speech import is_speech

LOG = '2026-11-20 10:14:03 ERROR checkout\n  File "shop.py", line 2\nshop.GatewayTimeout: no answer'


@pytest.mark.parametrize(
    "text",
    [
        *(
            "/restart",
            "／refund",
            '/EXTERNAL_refund{"order":"1"}',
            "😀👍",
            "\u200b\u2060",
            "?!",
            LOG,
        ),
        *('{"intent": "refund"}', "[1, 2]", "<b>cancel</b><img src=x onerror=alert(4711)>"),
        *("a" * 2_000, "lorem ipsum dolor sit amet " * 74, "的一是在不了有和人这" * 200),
    ],
)
def test_what_no_person_would_say_is_no_speech(text: str) -> None:
    assert not is_speech(text)


@pytest.mark.parametrize(
    "text",
    [
        *("4711", "ok", "好", "👍 thanks", "where is order 4711 / 4712?", "is 1 < 2 or 3 > 2?"),
        *("I get this: <error>, what now?", f"your shop says this, please help:\n\n{LOG[:38]}"),
        *("[urgent] where is my parcel", "我要退款/换货"),
        *("我要退款" * 10, "hello? " * 10, "I want my money back! " * 15),
    ],
)
def test_what_people_write_is_speech(text: str) -> None:
    assert is_speech(text)


def test_deep_nesting_costs_nothing() -> None:
    assert is_speech("[" * 1_000 + "]" * 999) in (True, False)
