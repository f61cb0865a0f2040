"""A candidate is compared before it goes live, and one command goes back."""

import os
import shutil
import subprocess

import httpx
import pytest

from desk.durable import transaction
from desk.improvement import candidates
from desk.improvement.candidates import NoCandidate, NoFormerModel, compare, go_back, go_live
from desk.improvement.report import words_of
from desk.integrations import training
from tests.conftest import ROOT, SECRETS, forget_settings
from tests.improvement.test_lessons import missed
from tests.running import BOT_PYTHON, MODEL, Chat, running_bot, train_where_needed


@pytest.fixture
def folder(tmp_path):
    """A live model and a candidate, as far as moving them goes."""
    for place, words in (("", "live"), ("candidate", "new")):
        (tmp_path / place).mkdir(exist_ok=True)
        (tmp_path / place / training.NAME).write_text(words)
        (tmp_path / place / candidates.MARK).write_text(f"sources of {words}")
    return tmp_path


@pytest.fixture
def no_bot(sqlite_database, monkeypatch):
    monkeypatch.setattr(training, "load_in_bot", lambda: False)


def stands(folder):
    return (folder / training.NAME).read_text(), (folder / candidates.MARK).read_text()


def test_going_live_and_back_and_back_again(folder, no_bot):
    go_live(folder)
    assert stands(folder) == ("new", "sources of new")
    with pytest.raises(NoCandidate):
        go_live(folder)
    go_back(folder)
    assert stands(folder) == ("live", "sources of live")
    assert stands(folder / "candidate") == ("new", "sources of new")
    with pytest.raises(NoFormerModel):
        go_back(folder)
    go_live(folder)
    assert stands(folder) == ("new", "sources of new")


def test_a_model_that_the_bot_cannot_load_does_not_stay(folder, sqlite_database, monkeypatch):
    def refuse():
        raise training.TrainingFailed("The bot keeps its former model: it answered 500.")

    monkeypatch.setattr(training, "load_in_bot", refuse)
    with pytest.raises(training.TrainingFailed):
        go_live(folder)
    assert stands(folder) == ("live", "sources of live")
    assert stands(folder / "candidate") == ("new", "sources of new")
    assert list((folder / "former").iterdir()) == []


def test_going_back_to_a_model_that_the_bot_cannot_load_changes_nothing(
    folder, sqlite_database, monkeypatch
):
    monkeypatch.setattr(training, "load_in_bot", lambda: True)
    go_live(folder)

    def refuse():
        raise training.TrainingFailed("The bot keeps its former model: it answered 500.")

    with monkeypatch.context() as patch:
        patch.setattr(training, "load_in_bot", refuse)
        with pytest.raises(training.TrainingFailed):
            go_back(folder)
    assert stands(folder) == ("new", "sources of new")
    assert not (folder / candidates.HELD_BACK).exists()
    go_back(folder)
    assert stands(folder) == ("live", "sources of live")


def test_only_the_last_three_models_are_kept(folder, no_bot):
    for number in range(6):
        (folder / "candidate" / training.NAME).write_text(str(number))
        go_live(folder)
    assert len(list((folder / "former").iterdir())) == candidates.KEPT


def test_going_back_holds_against_set_up_until_the_sources_change(tmp_path, no_bot):
    """`make up` trains what does not fit its sources, but not what somebody went back to."""
    code = "import sys; from pathlib import Path; from bot.train import *; "
    ask = [str(BOT_PYTHON), "-c", code + "print(is_current(Path(sys.argv[1])))", str(tmp_path)]
    digest = subprocess.check_output(
        [str(BOT_PYTHON), "-c", code + "print(sources_digest())"], cwd=ROOT, text=True
    ).strip()
    (tmp_path / training.NAME).write_text("former")
    (tmp_path / candidates.MARK).write_text("other sources")
    (tmp_path / "candidate").mkdir()
    (tmp_path / "candidate" / training.NAME).write_text("new")
    (tmp_path / "candidate" / candidates.MARK).write_text(digest)
    assert subprocess.check_output(ask, cwd=ROOT, text=True).strip() == "False"
    go_live(tmp_path)
    assert subprocess.check_output(ask, cwd=ROOT, text=True).strip() == "True"
    go_back(tmp_path)
    assert subprocess.check_output(ask, cwd=ROOT, text=True).strip() == "True"
    (tmp_path / candidates.HELD_BACK).write_text("sources that were changed since")
    assert subprocess.check_output(ask, cwd=ROOT, text=True).strip() == "False"


@pytest.mark.bot
def test_a_comparison_replays_the_holdout_and_last_weeks_messages(sqlite_database, tmp_path):
    train_where_needed()
    for place in (tmp_path, tmp_path / "candidate"):
        place.mkdir(exist_ok=True)
        os.link(MODEL, place / training.NAME)
    (tmp_path / "holdout/en").mkdir(parents=True)
    (tmp_path / "holdout/en/refund.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: refund\n    examples: |\n      - i want my money back\n'
    )
    transaction(missed, "qwrt zxcv plmk")
    found = compare(tmp_path, tmp_path / "holdout")
    assert [(h.language, h.lines, h.live, h.candidate) for h in found.holdout] == [("en", 1, 1, 1)]
    assert (found.replayed, found.changed) == (1, 0)
    assert found.not_understood_live == found.not_understood_candidate == 1
    assert "0 of 1 would be understood differently" in words_of(found)


def test_a_change_is_told_with_redacted_examples(sqlite_database, tmp_path, monkeypatch):
    for place in (tmp_path, tmp_path / "candidate"):
        place.mkdir(exist_ok=True)
        (place / training.NAME).write_text("a model")
    (tmp_path / "holdout").mkdir()
    transaction(missed, "wrap it for ada@example.com")

    def understands(model, lines):
        intent = "gift" if model.parent.name == "candidate" else "nlu_fallback"
        return [training.Meant(intent, 0.9) for _ in lines]

    monkeypatch.setattr(training, "understand", understands)
    told = words_of(compare(tmp_path, tmp_path / "holdout"))
    assert "1 of 1 would be understood differently" in told
    assert "nlu_fallback → gift" in told
    assert "ada@example.com" not in told


def test_what_the_bots_environment_cannot_do_is_told_in_its_own_words(sqlite_database, tmp_path):
    (tmp_path / "broken.tar.gz").write_text("no model")
    with pytest.raises(training.TrainingFailed, match=r"bot\.understand"):
        training.understand(tmp_path / "broken.tar.gz", ["hello"])


@pytest.mark.bot
def test_the_running_bot_takes_over_a_good_model_and_keeps_the_old_before_a_bad_one(
    sqlite_database, tmp_path, monkeypatch
):
    train_where_needed()
    model = tmp_path / training.NAME
    shutil.copy(MODEL, model)
    with running_bot(tmp_path, sqlite_database, **SECRETS, DESK_MODEL=str(model)) as running:
        monkeypatch.setenv("DESK_BOT_URL", running.url)
        forget_settings()
        chat = Chat(running)
        assert chat.say("where is my order")
        assert training.load_in_bot() is True
        assert chat.say("KD-4711")
        model.write_text("no model")
        with pytest.raises(training.TrainingFailed, match="keeps its former model"):
            training.load_in_bot()
        assert chat.say("how long does delivery take?")
        assert httpx.post(f"{running.url}/webhooks/desk/model").status_code == 403
    assert training.load_in_bot() is False


def test_desk_train_says_what_is_missing(sqlite_database, tmp_path):
    known = os.environ | {"DESK_MODEL": str(tmp_path / "kaidesk.tar.gz")}
    for option, words in (("--back", "No model was live"), ("--go-live", "no candidate")):
        ran = subprocess.run(
            [str(ROOT / ".venv/bin/python"), "-m", "desk", "train", option],
            cwd=ROOT, env=known, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 1
        assert words in ran.stderr
        assert "Traceback" not in ran.stderr
