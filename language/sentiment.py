"""How the writer of a line feels: a score in [-1, 1], and how likely they are upset.

One model for English and Chinese: the sentence encoder, pieces of the line and a lexicon in a
linear head over four classes, trained on `nlu_data/sentiment`. Using it needs numpy alone.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from language import linear
from language.encoder import Encoder, Reading, Vectors
from language.lexicon import Lexicon
from language.tone import BLOCKS, one_spelling, pieces, signs

LABELS = ("negative", "neutral", "positive")
CLASSES = ("calm", "neutral", "positive", "upset")  # calm: negative, and not upset
UPSET = CLASSES.index("upset")
LANGUAGES = ("en", "zh")
MESSAGES = Path(__file__).resolve().parents[1] / "nlu_data" / "sentiment"
WORDS, NUMBERS = "sentiment.json", "sentiment.npz"
SOURCES = ("sentiment.py", "tone.py", "lexicon.py", "text.py", "linear.py", "descent.py")

# Chosen by five-fold cross-validation on the training messages; the held-out part had no say.
INVERSE_REGULARISATION = 10.0
ENCODER_WEIGHT = 1.5
ITERATIONS = 100
SEEN_AT_LEAST = 2  # times, or a piece is not learned
FOLDS = 5
SEED = 0
KEPT = 3  # trained models, the newest
LEAST = 1e-6  # no chance is nearer to 0 or 1 than this


class Unlabelled(ValueError):
    """A line is not: label, tab, upset (0 or 1), tab, message."""


class Labelled(NamedTuple):
    label: str
    upset: bool
    text: str

    @property
    def class_(self) -> str:
        if self.label != "negative":
            return self.label
        return "upset" if self.upset else "calm"


@dataclass(frozen=True)
class Feeling:
    """`score`: the chance of positive less the chance of negative. `upset`: the calibrated
    chance that a good supervisor would want this customer cared for first."""

    score: float
    upset: float
    label: str


class Sentiment:
    """The trained head."""

    def __init__(self, words: dict[str, Any], numbers: dict[str, Any]) -> None:
        self._words, self._numbers = words, numbers
        self._lexicon = Lexicon(words["lexicon"])
        self._places = {piece: at for at, piece in enumerate(words["pieces"])}
        self._blocks = np.array([BLOCKS.index(piece[0]) for piece in words["pieces"]], np.int64)
        self._slope, self._offset = words["upset"]

    @property
    def dimensions(self) -> int:
        """Of the vectors that `feeling` wants."""
        return len(self._numbers["centre"])

    @classmethod
    def load(cls, folder: Path) -> Sentiment:
        """Read what `save` wrote."""
        words = json.loads((folder / WORDS).read_text("utf-8"))
        with np.load(folder / NUMBERS, allow_pickle=False) as numbers:
            return cls(words, dict(numbers))

    def save(self, folder: Path) -> None:
        """Write two files."""
        folder.mkdir(parents=True, exist_ok=True)
        told = json.dumps(self._words, ensure_ascii=False)
        (folder / WORDS).write_text(told, "utf-8")
        np.savez_compressed(folder / NUMBERS, **self._numbers)

    def feeling(self, text: str, vector: Vectors) -> Feeling:
        """How the writer of `text` feels; `vector` is what `vectors` makes of its reading."""
        chances = self._chances(text, vector)
        calm, neutral, positive, upset = (float(chance) for chance in chances)
        likeliest = int(np.argmax([calm + upset, neutral, positive]))
        return Feeling(
            score=positive - calm - upset,
            upset=1 / (1 + exp(-(self._slope * _odds(upset) + self._offset))),
            label=LABELS[likeliest],
        )

    def _chances(self, text: str, vector: Vectors) -> NDArray[np.float32]:
        line = one_spelling(text)
        told = self._numbers
        sums = told["bias"] + (vector - told["centre"]) @ told["encoder"]
        sums = sums + np.array(signs(text, line, self._lexicon), np.float32) @ told["signs"]
        places, values = _weighed(
            set(pieces(line, self._lexicon.negations)), self._places, self._blocks, told["rarity"]
        )
        return _shares(sums + values @ told["pieces"][places])


def vectors(reading: Reading) -> Vectors:
    """What the head looks at of a reading: the sentence, and the layer two thirds up, which
    tells more of the tone than the last one."""
    middle = reading.layers[:, round((reading.layers.shape[1] - 1) * 2 / 3)]
    middle = middle / np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), LEAST)
    joined: Vectors = np.concatenate([reading.sentence, middle], axis=1) / np.sqrt(2)
    return joined.astype(np.float32)


def labelled(file: Path) -> list[Labelled]:
    """The messages of a file.

    Raises:
        Unlabelled: a line has another form.
    """
    messages = []
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        label, _, rest = line.partition("\t")
        upset, _, text = rest.partition("\t")
        if label not in LABELS or upset not in ("0", "1") or not text.strip():
            raise Unlabelled(
                f"{file.name}, line {number}: expected label, upset (0 or 1), message."
            )
        messages.append(Labelled(label, upset == "1", text))
    return messages


def trained(encoder: Encoder, kept: Path, messages: Path = MESSAGES) -> Sentiment:
    """The model for this encoder and these messages: out of `kept`, or trained and kept there.
    Several processes may do so at once: a model is there as a whole or not at all."""
    place = kept / _digest(encoder, messages)
    if place.exists():
        return Sentiment.load(place)
    lexicon = Lexicon.read(messages / "lexicon.tsv")
    known = [one for language in LANGUAGES for one in labelled(messages / f"{language}.tsv")]
    made = train(known, vectors(encoder.read([one.text for one in known])), lexicon)
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as fresh:
        made.save(Path(fresh) / "model")
        with suppress(OSError):  # another process was first, with the same
            (Path(fresh) / "model").rename(place)
    for old in sorted(kept.iterdir(), key=lambda each: each.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return made


def train(messages: Sequence[Labelled], read: Vectors, lexicon: Lexicon) -> Sentiment:
    """Learn from `messages`, of which `read` is what the encoder makes. Takes ten seconds or so."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415 - only training needs it

    classes = np.array([CLASSES.index(one.class_) for one in messages])
    odds = np.zeros(len(messages))
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for known, unseen in parts.split(classes, classes):
        model = _learn([messages[at] for at in known], read[known], lexicon)
        for at in unseen:
            odds[at] = _odds(float(model._chances(messages[at].text, read[at])[UPSET]))
    model = _learn(messages, read, lexicon)
    model._slope, model._offset = model._words["upset"] = _platt(odds, classes == UPSET)
    return model


def _platt(odds: NDArray[np.float64], is_upset: NDArray[np.bool_]) -> list[float]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - only training needs it

    fitted = LogisticRegression(C=1e3).fit(odds[:, None], is_upset)
    return [float(fitted.coef_[0, 0]), float(fitted.intercept_[0])]


def _learn(messages: Sequence[Labelled], read: Vectors, lexicon: Lexicon) -> Sentiment:
    lines = [one_spelling(one.text) for one in messages]
    found = [set(pieces(line, lexicon.negations)) for line in lines]
    seen = Counter(piece for each in found for piece in each)
    known = sorted(piece for piece, times in seen.items() if times >= SEEN_AT_LEAST)
    places = {piece: at for at, piece in enumerate(known)}
    blocks = np.array([BLOCKS.index(piece[0]) for piece in known], np.int64)
    rarity = np.array([log((1 + len(lines)) / (1 + seen[p])) + 1 for p in known], np.float32)
    counted = _rows([_weighed(each, places, blocks, rarity) for each in found], len(known))
    written = [signs(one.text, line, lexicon) for one, line in zip(messages, lines, strict=True)]
    centre, width = read.mean(axis=0), read.shape[1]
    dense = np.concatenate([(read - centre) * ENCODER_WEIGHT, np.array(written)], axis=1)
    learnt = linear.learn(
        dense.astype(np.float32),
        counted,
        np.array([CLASSES.index(one.class_) for one in messages]),
        classes=len(CLASSES),
        inverse_regularisation=INVERSE_REGULARISATION,
        iterations=ITERATIONS,
        weights=np.full(len(lines), 1 / len(lines), np.float32),
    )
    words = {"pieces": known, "lexicon": lexicon.lines, "upset": [1.0, 0.0]}
    numbers = {
        "centre": centre,
        "encoder": learnt.dense[:width] * ENCODER_WEIGHT,
        "signs": learnt.dense[width:],
        "pieces": learnt.sparse,
        "bias": learnt.bias,
        "rarity": rarity,
    }
    return Sentiment(words, numbers)


def _rows(weighed: list[tuple[NDArray[np.int64], NDArray[np.float32]]], width: int) -> Any:
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - only training needs it

    columns = np.concatenate([at for at, _ in weighed])
    values = np.concatenate([value for _, value in weighed])
    ends = np.cumsum([0, *(len(at) for at, _ in weighed)])
    return csr_matrix((values, columns, ends), shape=(len(weighed), width))


def _weighed(
    found: set[str],
    places: dict[str, int],
    blocks: NDArray[np.int64],
    rarity: NDArray[np.float32],
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Where the known pieces stand and what each weighs: every block has length 1."""
    at = np.array(sorted(places[piece] for piece in found if piece in places), np.int64)
    values = rarity[at]
    lengths = np.sqrt(np.bincount(blocks[at], values**2, len(BLOCKS)))
    return at, (values / lengths[blocks[at]]).astype(np.float32)


def _shares(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    raised = np.exp(sums - sums.max())
    shares: NDArray[np.float32] = raised / raised.sum()
    return shares


def _odds(chance: float) -> float:
    return log(max(chance, LEAST) / max(1 - chance, LEAST))


def _digest(encoder: Encoder, messages: Path) -> str:
    """One digest over all that the model is made of."""
    here = Path(__file__).parent
    made_of = [here / name for name in SOURCES]
    made_of += [messages / f"{name}.tsv" for name in (*LANGUAGES, "lexicon")]
    digest = hashlib.sha256(repr(encoder.facts).encode())
    for file in made_of:
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
