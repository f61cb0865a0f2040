"""Fine-tuning the encoder: what it learns from, what it leaves alone, and that it may be killed."""

import json
import resource
import subprocess
import sys
import time

import pytest

from language.deep import DEFAULT, Settings, fine_tune
from language.encoder import Encoder
from language.export import export
from language.heads import lines_of
from language.intents import Intents
from language.tuning.lines import NothingToLearn, NotUtterances, lesson, read, round_of
from tests.conftest import ROOT
from tests.running import encoder_where_needed

INTENTS = ("track_order", "refund", "reset_password")
A_FEW = Settings(epochs=12, batch=16, checkpoint_seconds=3600)


@pytest.fixture(scope="module")
def lines():
    """A dozen of our own lines for each of three intents, and a few that are out of scope."""
    found = read([ROOT / "nlu_data/train/en"])
    some = [[line for line in found if line[1] == intent][:12] for intent in INTENTS]
    strange = [("what is the meaning of life", None), ("sing me a song", None)]
    return [line for part in some for line in part] + strange


@pytest.fixture(scope="module")
def tuned(lines, tmp_path_factory):
    out = tmp_path_factory.mktemp("unbroken") / "model"
    told = []
    outcome = fine_tune(lines, out, settings=A_FEW, on_progress=told.append)
    return outcome, told


@pytest.fixture(scope="module")
def tokenizer():
    from transformers import AutoTokenizer  # noqa: PLC0415 - takes seconds

    from language.export import weights_of  # noqa: PLC0415

    return AutoTokenizer.from_pretrained(weights_of(DEFAULT))


@pytest.fixture(scope="module")
def encoder(tuned):
    """What is exported from the fine-tuned model."""
    folder = tuned[0].folder.with_name("encoder")
    export(tuned[0].folder, folder)
    return Encoder(folder)


@pytest.mark.timeout(600)
def test_the_encoder_leans_to_the_intent_of_lines_that_it_has_not_seen(encoder):
    unseen = ["any news of the parcel i ordered", "kindly refund me", "i cannot recall my password"]
    assert set(encoder.facts.leans) == set(INTENTS)
    leanings = encoder.read(unseen).leanings
    assert [encoder.facts.leans[at] for at in leanings.argmax(axis=1)] == list(INTENTS)
    assert encoder.read([]).leanings.shape == (0, 3)


@pytest.mark.timeout(600)
def test_what_the_encoder_said_before_it_goes_on_saying(encoder):
    before = Encoder(encoder_where_needed())
    lines = ["where is my parcel", "money back please", "我要退款"]
    cosines = (before.encode(lines) * encoder.encode(lines)).sum(axis=1)
    assert cosines.min() > 0.97
    assert before.facts.leans == []


@pytest.mark.timeout(600)
def test_a_head_goes_by_what_a_fine_tuned_encoder_says_and_keeps_that(encoder, lines, tmp_path):
    texts = [text for text, intent in lines if intent]
    named = [intent for _, intent in lines if intent]
    intents = Intents.learn(texts, named, encoder)
    intents.save(tmp_path)
    asked = lines_of(["kindly refund me", "any news of the parcel i ordered"], encoder)
    told = intents.understood(asked)
    assert [each.ranking[0][0] for each in told] == ["refund", "track_order"]
    again = Intents.load(tmp_path).understood(asked)
    assert [each.ranking[0][0] for each in again] == ["refund", "track_order"]
    deaf = asked._replace(leanings=0 * asked.leanings)
    assert told[0].ranking != intents.understood(deaf)[0].ranking


@pytest.mark.timeout(600)
def test_progress_says_how_far_it_is_and_how_long_it_takes(tuned):
    outcome, told = tuned
    assert [at.step for at in told] == list(range(1, outcome.steps + 1))
    assert told[-1].seconds_left == 0
    assert told[0].seconds_left > 0
    assert all(at.epoch <= at.epochs == 12 for at in told)


@pytest.mark.timeout(600)
def test_killed_in_the_middle_it_goes_on_and_gives_the_same_model(lines, tuned, tmp_path):
    out, checkpoint = tmp_path / "model", tmp_path / "model.unfinished/checkpoint.pt"
    data = tmp_path / "lines.jsonl"
    rows = [json.dumps({"text": text, "intent": intent}) for text, intent in lines]
    data.write_text("\n".join(rows))
    program = (
        "import json, sys, dataclasses; from language.deep import *; from pathlib import Path;"
        "s = Settings(epochs=12, batch=16, checkpoint_seconds=0);"
        "slow = lambda at: __import__('time').sleep(0.2);"
        "fine_tune(read([Path(sys.argv[1])]), Path(sys.argv[2]), settings=s, on_progress=slow)"
    )
    running = subprocess.Popen([sys.executable, "-c", program, str(data), str(out)], cwd=ROOT)
    try:
        until = time.monotonic() + 300
        while not checkpoint.exists():
            assert running.poll() is None, "it ended before its first checkpoint"
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        running.kill()
        running.wait()
    assert not out.exists()
    outcome = fine_tune(lines, out, settings=A_FEW)
    assert 0 < outcome.went_on_from < outcome.steps
    assert not checkpoint.parent.exists()
    whole, broken = (weights(folder) for folder in (tuned[0].folder, out))
    assert all(whole[name].allclose(broken[name], atol=1e-5) for name in whole)


@pytest.mark.timeout(600)
def test_a_checkpoint_of_other_lines_is_not_gone_on_with(lines, tmp_path):
    from language.tuning import checkpoint  # noqa: PLC0415

    out = tmp_path / "model"
    work = tmp_path / "model.unfinished"
    work.mkdir()
    checkpoint.save(work, {"digest": "of other lines", "step": 3})
    assert checkpoint.load(work, "of these lines") is None
    assert fine_tune(lines, out, settings=Settings(epochs=1)).went_on_from == 0


@pytest.mark.timeout(600)
def test_where_the_disk_holds_no_checkpoint_nothing_half_done_remains(lines, tmp_path):
    data = tmp_path / "lines.jsonl"
    rows = [json.dumps({"text": text, "intent": intent}) for text, intent in lines]
    data.write_text("\n".join(rows))
    out = tmp_path / "model"
    given = ("--data", str(data), "--out", str(out), "--checkpoint-seconds", "0", "--epochs", "2")
    done = subprocess.run(
        [sys.executable, "-m", "language.deep", *given],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20)),
    )
    assert done.returncode == 1
    assert "Nothing was trained: The checkpoint could not be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()
    assert list((tmp_path / "model.unfinished").iterdir()) == []


def test_without_two_intents_there_is_nothing_to_learn(tmp_path):
    with pytest.raises(NothingToLearn):
        fine_tune([("where is it", "track_order")], tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_lines_that_the_tokenizer_does_not_know_are_passed_over(tokenizer):
    chinese = [("我的包裹到哪里了", "track_order"), ("我要退款", "refund")]
    english = [("where is my parcel", "track_order"), ("money back please", "refund")]
    learnt = lesson(chinese + english + [("  ", "refund")], tokenizer)
    assert (learnt.intents, learnt.skipped) == (("refund", "track_order"), 2)
    assert len(learnt.tokens) == len(english) + len(learnt.intents)  # each intent's name as well


def test_a_round_reads_every_line_once_and_brings_lines_of_an_intent_together(tokenizer):
    told = [(f"{intent} number {n}", intent) for intent in "abcdefgh" for n in range(7)]
    learnt = lesson(told, tokenizer)
    batches = round_of(learnt, 1, 0, batch=16, of_one=4)
    assert sorted(at for batch in batches for at in batch) == learnt.inside()
    assert [learnt.labels[at] for at in batches[0][:4]] == [learnt.labels[batches[0][0]]] * 4
    assert batches != round_of(learnt, 1, 1, batch=16, of_one=4)
    assert batches == round_of(learnt, 1, 0, batch=16, of_one=4)


def test_lines_are_read_from_rasas_files_without_their_marks(tmp_path):
    (tmp_path / "a.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: track_order\n  examples: |\n'
        "    - where is [4711](order_number)\n- intent: out_of_scope\n  examples: |\n    - sing\n"
        "- lookup: product\n  examples: |\n    - lamp\n"
    )
    assert read([tmp_path]) == [("where is 4711", "track_order"), ("sing", None)]
    (tmp_path / "b.csv").write_text("words\nhello\n")
    with pytest.raises(NotUtterances, match="labelled lines"):
        read([tmp_path])


def weights(folder):
    from safetensors.torch import load_file  # noqa: PLC0415

    return load_file(folder / "tuned.safetensors")
