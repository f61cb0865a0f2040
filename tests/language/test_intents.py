"""The head that names intents, taught a few lines of our own."""

from pathlib import Path

import numpy as np
import pytest

from language.encoder import Encoder
from language.heads import Settings, lines_of
from language.intents import Intents, Understood
from tests.running import encoder_where_needed

TAUGHT = {
    "shipping": [
        "where is my parcel",
        "has my order been sent yet",
        "track my delivery please",
        "when will the box arrive",
        "my package is late",
        "我的包裹到哪了",
        "快递怎么还没到",
        "查一下物流",
        "货发了没有",
        "包裹什么时候到",
    ],
    "refund": [
        "i want my money back",
        "please refund me",
        "give me a refund for this",
        "how do i get reimbursed",
        "return the money",
        "我要退款",
        "把钱退给我",
        "申请退款",
        "什么时候退钱",
        "帮我退款",
    ],
    "password": [
        "i forgot my password",
        "reset my login",
        "cannot sign in to my account",
        "locked out of my account",
        "new password please",
        "忘记密码了",
        "重置密码",
        "登录不上去",
        "密码不对怎么办",
        "改一下密码",
    ],
    "out_of_scope": [
        "what is the capital of france",
        "tell me a story",
        "who won the match",
        "how tall is the eiffel tower",
        "recommend me a film",
        "今天天气怎么样",
        "讲个笑话",
        "谁是世界冠军",
        "推荐一部电影",
        "一加一等于几",
    ],
}


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(encoder_where_needed())


@pytest.fixture(scope="module")
def intents(encoder: Encoder) -> Intents:
    lines = [(line, intent) for intent, taught in TAUGHT.items() for line in taught]
    texts, names = zip(*lines, strict=True)
    return Intents.learn(texts, names, encoder, Settings(folds=3))


def meant(intents: Intents, encoder: Encoder, text: str) -> Understood:
    return intents.understood(lines_of([text], encoder))[0]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("where's my package", "shipping"),
        ("could you reimburse me", "refund"),
        ("i can't remember my pasword", "password"),
        ("我的快递在哪里", "shipping"),
        ("我想退款", "refund"),
        ("密码忘了", "password"),
        ("我要 refund", "refund"),
    ],
)
def test_a_line_is_understood_by_its_sense(
    intents: Intents, encoder: Encoder, text: str, intent: str
) -> None:
    assert meant(intents, encoder, text).ranking[0][0] == intent


def test_chances_add_up_and_fall(intents: Intents, encoder: Encoder) -> None:
    (understood,) = intents.understood(lines_of(["refund please"], encoder), most=4)
    chances = [chance for _, chance in understood.ranking]
    assert sum(chances) == pytest.approx(1, abs=1e-5)
    assert chances == sorted(chances, reverse=True)


def test_what_is_asked_for_is_surer_in_scope_than_what_is_not(
    intents: Intents, encoder: Encoder
) -> None:
    inside = [meant(intents, encoder, t).scope for t in ("refund me please", "请退款给我")]
    outside = [meant(intents, encoder, t).scope for t in ("sing me a song", "唱首歌吧")]
    assert min(inside) > max(outside)


def test_a_head_that_was_kept_says_the_same(
    intents: Intents, encoder: Encoder, tmp_path: Path
) -> None:
    intents.save(tmp_path)
    lines = lines_of(["where is my parcel", "退款", ""], encoder)
    before, after = intents.understood(lines), Intents.load(tmp_path).understood(lines)
    for one, other in zip(before, after, strict=True):
        assert [name for name, _ in one.ranking] == [name for name, _ in other.ranking]
        assert one.scope == pytest.approx(other.scope, abs=0.01)


def test_what_the_encoder_has_read_is_not_read_again(encoder: Encoder) -> None:
    text = "where is my parcel"
    given = lines_of([text], encoder, encoder.read([text]))
    assert np.allclose(given.vectors, lines_of([text], encoder).vectors)


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\U0001f642" * 9, "{}", "a" * 2_000, "字" * 2_000, "\u202eabc"]
)
def test_no_line_is_too_strange(intents: Intents, encoder: Encoder, text: str) -> None:
    understood = meant(intents, encoder, text)
    assert 0 <= understood.scope <= 1
    assert len(understood.ranking) == 3
