"""The figures of understanding: what they count, and one trial through the shipped pipeline."""

import pytest
import yaml

from bench import pipelines, understanding
from bench.nlu_figures import AT_LEAST, AT_MOST, OF_A_TRAINING, headline, table
from bench.sets import OUT_OF_SCOPE, Line, Measured, as_rasa, labelled, some
from bench.speed import milliseconds


def heard(intent, *, score=None, limit=0.5, ranking=None):
    return {
        "intent": intent,
        "ranking": ranking or [[intent, 0.9]],
        "scope": None if score is None else {"score": score, "threshold": limit},
    }


LINES = [Line("pay", "pay"), Line("ship", "ship"), Line("sing", None), Line("dance", None)]


def test_a_message_that_was_set_aside_counts_by_the_intent_behind_it():
    behind = [["nlu_fallback", 0.6], ["pay", 0.3]]
    answers = [heard("nlu_fallback", ranking=behind), heard("pay"), heard("pay"), heard("pay")]
    assert understanding.accuracy(LINES, answers) == 0.5
    assert understanding.acted_upon(LINES, answers) == 0.0


def test_with_a_threshold_a_message_must_be_let_in_and_right():
    answers = [
        heard("pay", score=0.9),
        heard("ship", score=0.4),
        heard("ship", score=0.2),
        heard("pay", score=0.5),
    ]
    found = understanding.at_threshold(LINES, answers)
    assert found == {"in_scope": 0.5, "oos_recall": 0.5}


def test_the_area_counts_pairs_in_the_right_order_and_ties_by_half():
    scores = (0.9, 0.5, 0.5, 0.1)
    answers = [heard("pay", score=score) for score in scores]
    assert understanding.auroc(LINES, answers) == (1 + 1 + 0.5 + 1) / 4


def test_one_measurement_has_one_threshold():
    answers = [heard("pay", score=0.9, limit=limit) for limit in (0.5, 0.6)]
    with pytest.raises(AssertionError, match="one threshold"):
        understanding.threshold(answers)


def test_a_pipeline_without_a_score_is_judged_by_its_fallback():
    answers = [heard("pay"), heard("ship"), heard("nlu_fallback"), heard("pay")]
    found = understanding.at_threshold(LINES, answers)
    assert found == {"in_scope": 1.0, "oos_recall": 0.5}


def test_the_headline_is_the_median_of_the_seeds_and_the_one_of_deep():
    figures = {figure: 0.9 for _, figure in OF_A_TRAINING.values()}
    parts = {
        "quick": {name: {"median": figures} for name, _ in OF_A_TRAINING.values()},
        "deep": {name: dict.fromkeys(figures, 0.95) for name, _ in OF_A_TRAINING.values()},
        "holdout": {language: {"acted_upon": 0.96} for language in ("en", "zh")},
        "speed": dict.fromkeys(AT_MOST, 0.2),
    }
    found = headline(parts)
    assert {*AT_LEAST, *AT_MOST} <= set(found)
    assert (found["quick_oos_auroc"], found["deep_clinc150"]) == (0.9, 0.95)
    missed = [name for name, at in AT_LEAST.items() if found[name] < at]
    missed += [name for name, at in AT_MOST.items() if found[name] > at]
    told = table(found).splitlines()
    assert [line.split()[0] for line in told if line.endswith("missed")] == missed


def test_the_same_messages_are_compared_and_single_blocks_show_the_spread():
    found = milliseconds({"ours": [[1.0, 3.0], [2.0, 2.0]], "stock": [[4.0, 4.0], [10.0, 10.0]]})
    assert (found["ratio"], found["spread"], found["messages"]) == (round(2 / 7, 4), [0.2, 0.5], 4)


def test_brackets_and_line_ends_of_a_message_do_not_reach_rasas_format():
    written = yaml.safe_load(as_rasa([Line("pay [now]\n- please", "pay"), Line("sing", None)]))
    assert written["nlu"] == [
        {"intent": "pay", "examples": "- pay (now) - please\n"},
        {"intent": OUT_OF_SCOPE, "examples": "- sing\n"},
    ]


def test_a_trial_takes_messages_from_all_over_a_set():
    lines = tuple(Line(f"{intent} {n}", f"intent {intent}") for intent in "abcd" for n in range(50))
    small = some(Measured("letters", lines, lines), 20)
    assert {line.intent for line in small.train} == {f"intent {intent}" for intent in "abcd"}
    assert len(small.train) == 20


@pytest.mark.bot
@pytest.mark.timeout(600)
def test_the_shipped_pipeline_learns_some_of_our_lines_and_is_asked_about_others(tmp_path):
    lines = [line for language in ("en", "zh") for line in labelled("train", language)]
    kept = sorted({line.intent for line in lines})[:6]
    lines = [line for line in lines if line.intent in kept]
    asked, learnt = lines[::4], [line for at, line in enumerate(lines) if at % 4]
    model = tmp_path / "model.tar.gz"
    seconds = pipelines.train(pipelines.shipped(seed=1), learnt, model)
    answers = pipelines.understood("ours", model, [line.text for line in asked])
    assert 0 < seconds["training"] < seconds["whole"]
    assert understanding.accuracy(asked, answers) > 0.7
    assert all(answer["ms"] > 0 for answer in answers)
