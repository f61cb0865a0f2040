"""What customers feel, measured on messages that were written and labelled apart from training."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bench.sentiment import Heard, measure, share_right_by_words
from language.encoder import Encoder
from language.lexicon import Lexicon
from language.sentiment import (
    LABELS,
    LANGUAGES,
    MESSAGES,
    Feeling,
    Labelled,
    Sentiment,
    Unlabelled,
    labelled,
    train,
    trained,
    vectors,
)
from language.tone import one_spelling
from tests.running import MODEL

ENCODER = MODEL.parent / "encoder"
KEPT = MODEL.parent / "feelings"  # where training the bot leaves it
ENOUGH = {"en": 1_300, "zh": 1_300}


class Ear:
    """The model with its encoder, as the bot has them."""

    def __init__(self) -> None:
        self.encoder = Encoder(ENCODER)
        self.model = trained(self.encoder, KEPT)

    def feeling(self, text: str) -> Feeling:
        return self.model.feeling(text, vectors(self.encoder.read([text]))[0])


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear()


@cache
def unseen(language: str) -> list[Labelled]:
    return labelled(MESSAGES / f"holdout_{language}.tsv")


@pytest.fixture(scope="module")
def figures(ear):
    told = {}
    for language in LANGUAGES:
        felt = [(one, ear.feeling(one.text)) for one in unseen(language)]
        told[language] = measure([Heard(one, f.label, f.upset) for one, f in felt])
    return told


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.read(MESSAGES / "lexicon.tsv")


# Measured when this was written: see docs/performance.md, "What customers feel".
FLOORS = {"en": 0.80, "zh": 0.77}


@pytest.mark.parametrize("language", LANGUAGES)
def test_unseen_messages_are_labelled_as_people_would(figures, language):
    assert figures[language].accuracy >= FLOORS[language], figures[language].confusion


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complaint_is_hardly_ever_taken_for_praise_or_praise_for_a_complaint(figures, language):
    confusion = figures[language].confusion
    flipped = confusion["negative"]["positive"] + confusion["positive"]["negative"]
    assert flipped <= 0.08 * len(unseen(language)), confusion


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_upset_is_heard_and_the_chance_means_what_it_says(figures, language):
    told = figures[language]
    assert told.upset_accuracy >= 0.82
    assert told.upset_recall >= 0.74
    assert told.brier <= 0.12
    assert told.error <= 0.10, told.reliability


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lexicon_alone_is_clearly_worse(figures, lexicon, language):
    alone = share_right_by_words(unseen(language), lexicon)
    assert alone <= figures[language].accuracy - 0.12


@pytest.mark.parametrize(
    ("angry", "plain", "glad"),
    [
        ("this is the third time, I am angry", "where is order 1003", "great, thank you"),
        ("I am still waiting and nobody answers", "I want a refund", "thanks a lot"),
        ("I am not happy with this", "my email is a@b.example", "I am very happy with this"),
        ("这是第三次了，我很生气", "订单1003在哪里", "太好了，谢谢你"),
        ("还在等，根本没人回复", "我想退款", "非常感谢"),
        ("我很不满意", "我的邮箱是 a@b.example", "我很满意"),
    ],
)
def test_anger_scores_below_a_plain_question_and_thanks_above_it(ear, angry, plain, glad):
    lowest, middle, highest = (ear.feeling(text) for text in (angry, plain, glad))
    assert -1 <= lowest.score < middle.score < highest.score <= 1
    assert lowest.score < 0 < highest.score
    assert lowest.upset > max(middle.upset, highest.upset)


@pytest.mark.parametrize(
    ("calm", "upset"),
    [
        ("it's broken, what do I do?", "broken AGAIN, this is the third time!!!"),
        ("where is my order", "WHERE THE HELL IS MY ORDER"),
        ("cancel my order", "just cancel it already, I am done with you"),
        ("the parcel is two days late", "great, another delay"),
        ("东西坏了，怎么换", "又坏了，第三次了，气死我了"),
        ("包裹什么时候到", "还在等，已经三个星期了，没人理我"),
    ],
)
def test_a_calm_report_is_not_taken_for_anger(ear, calm, upset):
    assert ear.feeling(calm).upset < 0.5 < ear.feeling(upset).upset


@pytest.mark.parametrize(
    ("text", "is_glad"),
    [
        *(("good", True), ("not good", False), ("not a very good idea", False)),
        *(("not bad", True), ("no problem", True), ("never again", False)),
        *(("满意", True), ("不太满意", False), ("不是很满意", False), ("没毛病", True)),
        *(("谢谢", True), ("😡", False), ("👍", True)),
    ],
)
def test_a_negation_turns_a_word_round(lexicon, text, is_glad):
    assert (lexicon.tone(text).sum > 0) is is_glad


def test_very_makes_it_more_and_slightly_less(lexicon):
    for less, plain, more in (
        ("slightly annoying", "annoying", "very annoying"),
        ("有点失望", "失望", "非常失望"),
    ):
        sore = [lexicon.tone(text).sore for text in (less, plain, more)]
        assert sore == sorted(set(sore))


def test_a_word_reaches_no_further_than_its_part_of_the_sentence(lexicon):
    assert lexicon.tone("no, good").glad == lexicon.tone("good").glad


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_messages_of_each_kind_and_none_is_in_both_parts(language):
    known = labelled(MESSAGES / f"{language}.tsv")
    assert len(known) >= ENOUGH[language]
    assert len(unseen(language)) >= 250
    assert {one.label for one in known} == {one.label for one in unseen(language)} == set(LABELS)
    assert all(one.label == "negative" for one in known if one.upset)
    folded = [{one_spelling(one.text) for one in part} for part in (known, unseen(language))]
    assert len(folded[0] & folded[1]) == 0


@pytest.mark.parametrize(
    "text",
    ["", " ", "1003", "👍", "/affirm", "ａｂｃ", "\u202e", "\u200b", "x" * 2000, "！" * 2000],
)
def test_any_text_has_a_score_and_a_chance(ear, text):
    felt = ear.feeling(text)
    assert -1 <= felt.score <= 1
    assert 0 <= felt.upset <= 1


@pytest.mark.parametrize("text", ["KD-4711", "asdf asdf", "<p>order</p>", '{"order": "4711"}'])
def test_what_tells_no_feeling_upsets_nobody(ear, text):
    felt = ear.feeling(text)
    assert abs(felt.score) < 0.5
    assert felt.upset < 0.5


def test_many_threads_hear_the_same_as_one(ear):
    texts = [one.text for one in unseen("en")][:60]
    alone = [ear.feeling(text) for text in texts]
    with ThreadPoolExecutor(8) as crowd:
        assert list(crowd.map(ear.feeling, texts)) == alone


def test_beside_the_encoder_a_message_takes_less_than_a_millisecond(ear):
    spent = []
    for language in LANGUAGES:
        for one in unseen(language)[:100]:
            vector = vectors(ear.encoder.read([one.text]))[0]
            began = time.thread_time()
            ear.model.feeling(one.text, vector)
            spent.append(time.thread_time() - began)
    assert sorted(spent)[len(spent) // 2] <= 0.001


def test_what_is_saved_hears_as_what_was_trained(lexicon, tmp_path):
    known = labelled(MESSAGES / "en.tsv")[::30]
    made_up = np.random.default_rng(0).normal(size=(len(known), 8)).astype(np.float32)
    made = [train(known, made_up, lexicon) for _ in range(2)]
    made[0].save(tmp_path)
    loaded = Sentiment.load(tmp_path)
    for one, vector in zip(known[:50], made_up, strict=False):
        assert loaded.feeling(one.text, vector) == made[1].feeling(one.text, vector)


def test_it_is_trained_anew_only_when_what_it_is_made_of_changes(ear, tmp_path):
    messages, kept = tmp_path / "messages", tmp_path / "kept"
    messages.mkdir()
    for language in LANGUAGES:
        few = (MESSAGES / f"{language}.tsv").read_text("utf-8").splitlines()[::60]
        (messages / f"{language}.tsv").write_text("\n".join(few) + "\n", "utf-8")
    (messages / "lexicon.tsv").write_text("good\t+2\n", "utf-8")
    models = []
    for change in ("", "", "splendid\t+3\n"):
        with (messages / "lexicon.tsv").open("a", encoding="utf-8") as words:
            words.write(change)
        trained(ear.encoder, kept, messages)
        models.append({place.name for place in kept.iterdir()})
    assert models[0] == models[1] < models[2]
    assert [len(known) for known in models] == [1, 1, 2]


@pytest.mark.parametrize(
    "line", ["thanks", "positive\tthanks", "glad\t0\tthanks", "positive\t0\t "]
)
def test_a_line_without_its_labels_is_named(tmp_path, line):
    broken = tmp_path / "en.tsv"
    broken.write_text(f"positive\t0\tthanks\n{line}\n", encoding="utf-8")
    with pytest.raises(Unlabelled, match="line 2"):
        labelled(broken)


def test_using_it_needs_no_more_than_numpy(ear, tmp_path):
    ear.model.save(tmp_path)
    asked = (
        "import sys\nfrom pathlib import Path\nimport numpy as np\n"
        "from language.sentiment import Sentiment\n"
        f"Sentiment.load(Path({str(tmp_path)!r})).feeling('thanks', np.zeros(768, np.float32))\n"
        "assert not {'sklearn', 'scipy', 'torch', 'tensorflow', 'spacy'} & set(sys.modules)\n"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=root)
