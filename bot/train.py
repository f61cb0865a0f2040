"""Train the bot: `python -m bot.train`. Does nothing while the model fits its sources."""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.run import quieten

ENCODER_FILES = ("model.onnx", "tokenizer.json", "encoder.json")
ROOT = Path(__file__).parent.parent
SOURCES = (
    "bot/config.yml",
    "bot/domain",
    "bot/dialogue",
    *(f"bot/components/{name}.py" for name in ("encoder", "entities", "intents", "sentiment")),
    *(f"nlu_data/{name}" for name in ("train", "entities", "lookups", "sentiment", "synonyms")),
    "language",
)
# What people taught in the console waits until they train and have compared.
WITHOUT = ("learned", "tuning", "deep.py", "export.py")
HELD_OUT = ("holdout", "held_out")
KINDS = (".yml", ".py", ".jsonl", ".tsv")
NAME = "kaidesk"
DEFAULT_MODEL = f"var/model/{NAME}.tar.gz"


def main() -> None:
    """Train where needed; say in one line what was done."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=Path(_default_model()).parent)
    asked.add_argument("--force", action="store_true", help="train even if nothing changed")
    told = asked.parse_args()
    if is_current(told.out) and not told.force:
        print(f"The model in {told.out} fits its sources.")  # noqa: T201
        return
    train(told.out)
    print(f"Trained {told.out / NAME}.tar.gz.")  # noqa: T201


def is_current(folder: Path) -> bool:
    """Whether the model in `folder` was made from exactly these sources, or stands there because
    somebody went back from the model that was (`desk train --back`)."""
    model, digest = folder / f"{NAME}.tar.gz", sources_digest()
    marks = (folder / f"{NAME}.sources", folder / f"{NAME}.held_back")
    return model.exists() and any(m.exists() and m.read_text().strip() == digest for m in marks)


def sources_digest() -> str:
    """One digest over everything that a model is made of."""
    digest = hashlib.sha256()
    for file in sorted(_source_files()):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for name in ENCODER_FILES:
        file = encoder_folder() / name
        digest.update(hashlib.sha256(file.read_bytes() if file.exists() else b"").digest())
    return digest.hexdigest()


def train(folder: Path) -> None:
    """Make the model anew; the old one stays in place until the new one is whole."""
    quieten()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["RASA_CACHE_ENABLED"] = "false"
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(folder / "cache"))
    import rasa  # noqa: PLC0415 - takes seconds, and must come after `quieten`
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog()

    digest = sources_digest()
    made = rasa.train(
        domain=str(ROOT / "bot/domain"),
        config=str(ROOT / "bot/config.yml"),
        training_files=[str(ROOT / "nlu_data/train"), str(ROOT / "bot/dialogue")],
        output=str(folder),
        fixed_model_name=f"{NAME}.new",
        force_training=True,
    )
    if made.code != 0 or not made.model:
        sys.exit("Training failed.")
    Path(made.model).replace(folder / f"{NAME}.tar.gz")
    (folder / f"{NAME}.sources").write_text(digest + "\n")


def _source_files() -> Iterator[Path]:
    for source in SOURCES:
        place = ROOT / source
        if place.is_file():
            yield place
        else:
            yield from (f for f in place.rglob("*") if f.suffix in KINDS and _is_source(f))


def _is_source(file: Path) -> bool:
    return not (file.name.startswith(HELD_OUT) or {file.name, file.parent.name} & set(WITHOUT))


def encoder_folder() -> Path:
    """DESK_ENCODER where that is an encoder's folder, else the one beside the model."""
    named = Path(os.environ.get("DESK_ENCODER", ""))
    if all((named / name).is_file() for name in ENCODER_FILES):
        return named
    return Path(_default_model()).parent / "encoder"


def _default_model() -> str:
    return os.environ.get("DESK_MODEL", DEFAULT_MODEL)


if __name__ == "__main__":
    main()
