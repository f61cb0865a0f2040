"""How much is understood: quick and deep training, stock's beside them, our own holdout."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from groundwork.places import ROOT

from bench import pipelines, understanding
from bench.sets import OUT_OF_SCOPE, Measured
from bench.strangers import commit
from bench.understanding import not_taken

if TYPE_CHECKING:
    from bench.nlu import Plan

FIRST_SEED = 1
STOCK_SETS = ("banking77_full",)  # more of them would take it hours
# What a fine-tuned encoder is made of; if any of it changes, it is made anew.
DEEP_SOURCES = ("language/deep.py", "language/tuning")


def quick(plan: Plan) -> dict[str, Any]:
    """The frozen encoder; each set once for each seed."""
    seeds = list(range(FIRST_SEED, FIRST_SEED + plan.seeds))
    with ThreadPoolExecutor(plan.jobs) as at_once:
        asked = {
            name: [at_once.submit(_seed, plan, each, seed) for seed in seeds]
            for name, each in plan.public.items()
        }
        told = {name: [each.result() for each in of] for name, of in asked.items()}
    return {
        name: {"seeds": seeds, "median": understanding.medians(each), "each": each, **now()}
        for name, each in told.items()
    }


def deep(plan: Plan) -> dict[str, Any]:
    """The encoder fine-tuned on each set, then the same pipeline on top; one seed."""
    found: dict[str, Any] = {}
    for name, measured in plan.public.items():
        encoder, facts = fine_tuned(plan, measured)
        model = plan.kept / f"deep-{name}.tar.gz"
        found[name] = _measure(measured, model, seed=FIRST_SEED, encoder=str(encoder))
        found[name] |= {"fine_tuning": facts, **now()}
        print(f"deep {name}: {json.dumps(found[name])}", flush=True)
    return found


def of_stock(plan: Plan) -> dict[str, Any]:
    """Rasa's default pipeline on the same messages."""
    found = {}
    for name in STOCK_SETS:
        measured = plan.public[name]
        model, facts = stock_model(plan, measured)
        answers = pipelines.understood("stock", model, [line.text for line in measured.test])
        found[name] = understanding.all_of(measured.test, answers) | {"training": facts}
        print(f"stock {name}: {json.dumps(found[name])}", flush=True)
    return found


def on_our_holdout(plan: Plan) -> dict[str, Any]:
    """The shipped training data and pipeline. Right is only what the bot itself goes by."""
    model = plan.kept / "holdout.tar.gz"
    seconds = pipelines.train(pipelines.shipped(), ROOT / "nlu_data/train", model)
    found: dict[str, Any] = {"train_seconds": seconds}
    for language, lines in plan.holdout.items():
        answers = pipelines.understood("ours", model, [line.text for line in lines])
        by_intent: dict[str, list[bool]] = defaultdict(list)
        for line, answer in zip(lines, answers, strict=True):
            right = answer["intent"] == line.intent if line.intent else not_taken(answer)
            by_intent[line.intent or OUT_OF_SCOPE].append(right)
        missed = {name: right.count(False) for name, right in sorted(by_intent.items())}
        found[language] = {
            **understanding.all_of(lines, answers),
            "lines": len(lines),
            "intents": len(by_intent),
            "missed_by_intent": {name: count for name, count in missed.items() if count},
        }
    return found


def now() -> dict[str, str]:
    """When, and of which state of the tree."""
    return {"at": datetime.now(UTC).isoformat(timespec="seconds"), "commit": commit()}


def stock_model(plan: Plan, measured: Measured) -> tuple[Path, dict[str, Any]]:
    """Stock trained on the set, with its facts: anew, unless keeping was asked for."""
    pipeline = pipelines.stock(plan.stock_epochs)
    lines = [line for line in measured.train if line.intent]
    key = _digest(json.dumps(pipeline.config), json.dumps([[o.text, o.intent] for o in lines]))
    model = plan.kept / f"stock-{measured.name}-{key}.tar.gz"
    facts = model.with_suffix(".json")
    if not (plan.kept_stock and model.exists() and facts.exists()):
        print(f"Training stock on {len(lines)} messages …", flush=True)
        began = datetime.now(UTC).isoformat(timespec="seconds")
        told: dict[str, Any] = {"at": began, "messages": len(lines), "epochs": plan.stock_epochs}
        told |= pipelines.train(pipeline, lines, model)
        told["load_average_after"] = [round(each, 2) for each in os.getloadavg()]
        facts.write_text(json.dumps(told))
        return model, told | {"kept_from_an_earlier_run": False}
    return model, json.loads(facts.read_text()) | {"kept_from_an_earlier_run": True}


def fine_tuned(plan: Plan, measured: Measured) -> tuple[Path, dict[str, Any]]:
    """The encoder for this set: one that is finished is used, one that was interrupted goes on."""
    settings = json.dumps([plan.deep_epochs, FIRST_SEED])
    folder = plan.kept / f"deep-{measured.name}-{_digest(measured.digest(), settings, _sources())}"
    facts = folder / "facts.json"
    fresh = not facts.exists()
    if fresh:
        folder.mkdir(parents=True, exist_ok=True)
        rows = ({"text": line.text, "intent": line.intent} for line in measured.train)
        (folder / "train.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        began = time.perf_counter()
        _run("language.deep", *_deep_arguments(plan, folder))
        seconds = round(time.perf_counter() - began, 1)
        facts.write_text(json.dumps({"seconds_of_the_last_run": seconds}))
    _run("language.export", "--model", str(folder / "model"), "--out", str(folder / "encoder"))
    told = {"made_in_this_run": fresh, **json.loads(facts.read_text())}
    return folder / "encoder", told


def _deep_arguments(plan: Plan, folder: Path) -> list[str]:
    given = ["--data", str(folder / "train.jsonl"), "--out", str(folder / "model")]
    given += ["--seed", str(FIRST_SEED)]
    return given if plan.deep_epochs is None else [*given, "--epochs", str(plan.deep_epochs)]


def _seed(plan: Plan, measured: Measured, seed: int) -> dict[str, float]:
    found = _measure(measured, plan.kept / f"quick-{measured.name}-{seed}.tar.gz", seed=seed)
    print(f"quick {measured.name}, seed {seed}: {json.dumps(found)}", flush=True)
    return found


def _measure(measured: Measured, model: Path, **settings: Any) -> dict[str, Any]:
    """Train the shipped pipeline on the set; hear its test part."""
    with TemporaryDirectory(prefix="bench-") as folder:
        if measured.validation:
            rows = ({"text": line.text, "intent": line.intent} for line in measured.validation)
            file = Path(folder) / "validation.jsonl"
            file.write_text("".join(json.dumps(row) + "\n" for row in rows))
            settings["validation"] = str(file)
        seconds = pipelines.train(pipelines.shipped(**settings), measured.train, model)
    answers = pipelines.understood("ours", model, [line.text for line in measured.test])
    found = understanding.all_of(measured.test, answers)
    return found | {f"{what}_seconds": value for what, value in seconds.items()}


def _run(module: str, *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=True)


def _sources() -> str:
    places = [ROOT / each for each in DEEP_SOURCES]
    files = [f for place in places for f in ([place] if place.is_file() else place.rglob("*.py"))]
    return "".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(files))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
