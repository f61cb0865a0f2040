"""Making the index: whole in a folder of its own, then put in the place of the old one."""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np

from desk.integrations.encoder import PROBES, Sentences, Vectors
from desk.knowledge import rules
from desk.knowledge.queries.index import (
    ARTICLES,
    CURRENT,
    FACTS,
    FORM,
    VECTORS,
    WORDS,
    Collection,
    IndexMissing,
    digest_of,
    load,
)
from desk.knowledge.queries.index import PROBES as PROBES_FILE
from desk.knowledge.queries.measuring import CHOOSE, Questions, questions_in, scales
from desk.knowledge.queries.sources import Sources, read_sources
from desk.knowledge.rules.articles import Article
from desk.knowledge.rules.words import words

log = logging.getLogger(__name__)

KNOWN_KEYS, KNOWN_VECTORS = "known.json", "known.npy"  # every text that was embedded
AT_ONCE = 256  # texts between two words on how far it is
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """What came of it. `embedded` texts were new or changed, `kept` were known; nothing at all
    was done if the articles were `unchanged`."""

    digest: str
    articles: dict[str, int]
    passages: int
    embedded: int
    kept: int
    unmeasured: tuple[str, ...]
    unchanged: bool


def make_index(
    sources: Path,
    folder: Path,
    encoder_name: str,
    encoder: Callable[[], Sentences],
    progress: Progress = lambda done, of: None,
) -> Made:
    """Read all articles and questions in `sources`, and put a new index into `folder`. Processes
    that search take it up by themselves. Only texts that are new are embedded.

    Raises:
        BrokenArticle: one cannot be read; the message names file and line, and the old index
            stays as it is.
        NoEncoder: `encoder` is not there.
    """
    with _alone(folder):
        read = read_sources(sources)
        digest = _digest(read, encoder_name)
        before = _current(folder)
        if before == digest and _is_whole(folder / digest):
            return _made(read, digest, 0, 0, (), unchanged=True)
        texts = _Texts(encoder, folder / before if before else None, encoder_name, progress)
        with _fresh(folder) as fresh:
            unmeasured = _write(fresh, read, texts, encoder_name)
            shutil.rmtree(folder / digest, ignore_errors=True)
            fresh.rename(folder / digest)
        _point_at(folder, digest)
        _tidy(folder, {digest, before or digest})
    return _made(read, digest, texts.embedded, texts.kept, unmeasured, unchanged=False)


class _Texts:
    """Vectors of texts: those of the index before, where it knows them, else made now."""

    def __init__(
        self,
        encoder: Callable[[], Sentences],
        before: Path | None,
        encoder_name: str,
        progress: Progress,
    ) -> None:
        self._encoder, self._progress = encoder, progress
        self._known: dict[str, Vectors] = _known(before, encoder_name) if before else {}
        self._used: dict[str, Vectors] = {}
        self.embedded = self.kept = 0

    def vectors(self, texts: list[str]) -> Vectors:
        """One row for each text."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        new = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        self.kept += len(set(keys) - set(new))
        self._embed(new)
        self._used |= {key: self._known[key] for key in keys}
        return np.stack([self._known[key] for key in keys]).astype(np.float32)

    def write(self, folder: Path) -> None:
        """Leave what was used for the next time. Half precision is enough for sums of three."""
        (folder / KNOWN_KEYS).write_text(json.dumps(list(self._used)), "utf-8")
        np.save(folder / KNOWN_VECTORS, np.stack(list(self._used.values())))

    def _embed(self, new: dict[str, str]) -> None:
        keys = sorted(new, key=lambda key: len(new[key]))  # alike in length are read faster
        for at in range(0, len(keys), AT_ONCE):
            some = keys[at : at + AT_ONCE]
            made = self._encoder().encode([new[key] for key in some]).astype(np.float16)
            self._known |= dict(zip(some, made, strict=True))
            self._progress(at + len(some), len(keys))
        self.embedded += len(keys)


def _write(fresh: Path, read: Sources, texts: _Texts, encoder_name: str) -> tuple[str, ...]:
    told: dict[str, Any] = {}
    unmeasured = []
    np.save(fresh / PROBES_FILE, texts.vectors(list(PROBES)))
    for language, articles in read.articles.items():
        folder = fresh / language
        folder.mkdir()
        asked = questions_in(read.questions.get(language, ""), CHOOSE)
        collection = _collection(articles, asked, texts)
        _keep(folder, articles, collection)
        told[language] = {name: asdict(scale) for name, scale in collection.scales.items()}
        if not collection.scales:
            unmeasured.append(language)
    texts.write(fresh)
    files = sorted(str(f.relative_to(fresh)) for f in fresh.rglob("*") if f.is_file())
    facts = {
        "form": FORM,
        "encoder": encoder_name,
        "languages": told,
        "files": {name: digest_of(fresh / name) for name in files},
    }
    (fresh / FACTS).write_text(json.dumps(facts, indent=1) + "\n", "utf-8")
    return tuple(unmeasured)


def _collection(articles: list[Article], asked: Questions, texts: _Texts) -> Collection:
    """Per passage, the mean of three readings: all of it, its heading alone, and what its
    article is about. Questions are short, and so are the last two."""
    passages = [(each, p) for each in articles for p in each.passages]
    whole = texts.vectors([f"{a.title}. {p.heading}. {p.text}" for a, p in passages])
    heading = texts.vectors([f"{a.title}: {p.heading}" for a, p in passages])
    about = texts.vectors([f"{a.title}: {', '.join(a.keywords)}" for a, _ in passages])
    vectors = ((whole + heading + about) / 3).astype(np.float32)
    by_words = _by_words([_searched(a, p.heading, p.text) for a, p in passages])
    bare = Collection(articles, by_words, vectors, {})
    asked_vectors = texts.vectors([q.text for q in asked]) if asked else None
    return Collection(articles, by_words, vectors, scales(bare, asked, asked_vectors))


def _by_words(told: list[list[str]]) -> bm25s.BM25 | None:
    if not any(told):
        return None
    index = bm25s.BM25(k1=1.2, b=0.5, method="lucene")
    index.index(told, show_progress=False)
    return index


def _searched(article: Article, heading: str, text: str) -> list[str]:
    """Keywords count three times, a heading twice: measured on the questions for choosing."""
    keywords = " ".join(article.keywords)
    return [
        *words(article.title),
        *(3 * words(keywords)),
        *(2 * words(heading)),
        *words(text),
    ]


def _keep(folder: Path, articles: list[Article], collection: Collection) -> None:
    told = [asdict(each) | {"updated": each.updated.isoformat()} for each in articles]
    (folder / ARTICLES).write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    assert collection.vectors is not None
    np.save(folder / VECTORS, collection.vectors)
    if collection.by_words is not None:
        collection.by_words.save(folder / WORDS, show_progress=False)


def _digest(read: Sources, encoder_name: str) -> str:
    """Of all that the index is made from; also of how, as a release may cut passages anew."""
    told = hashlib.sha256(f"{FORM}\n{encoder_name}\n".encode())
    for rule in sorted(Path(rules.__path__[0]).glob("*.py")):
        told.update(rule.read_bytes())
    for name, text in sorted(read.files.items()):
        told.update(f"{name}\0{hashlib.sha256(text.encode()).hexdigest()}\n".encode())
    return told.hexdigest()[:16]


def _made(
    read: Sources,
    digest: str,
    embedded: int,
    kept: int,
    unmeasured: tuple[str, ...],
    *,
    unchanged: bool,
) -> Made:
    counts = {language: len(articles) for language, articles in read.articles.items()}
    passages = sum(len(a.passages) for articles in read.articles.values() for a in articles)
    return Made(digest, counts, passages, embedded, kept, unmeasured, unchanged)


def _known(before: Path, encoder_name: str) -> dict[str, Vectors]:
    """What the index before has embedded; nothing, if by another encoder, or if it is damaged."""
    try:
        facts = json.loads((before / FACTS).read_text("utf-8"))
        if facts["form"] != FORM or facts["encoder"] != encoder_name:
            return {}
        for name in (KNOWN_KEYS, KNOWN_VECTORS):
            if digest_of(before / name) != facts["files"][name]:
                return {}
        keys = json.loads((before / KNOWN_KEYS).read_text("utf-8"))
        return dict(zip(keys, np.load(before / KNOWN_VECTORS), strict=True))
    except (OSError, ValueError, KeyError):
        return {}


def _is_whole(folder: Path) -> bool:
    try:
        load(folder)
    except IndexMissing:
        return False
    return True


def _current(folder: Path) -> str | None:
    try:
        return (folder / CURRENT).read_text("utf-8").strip() or None
    except OSError:
        return None


def _point_at(folder: Path, digest: str) -> None:
    """From here on the new index is the one: renaming is one step, so no reader sees half."""
    pointer = folder / f"{CURRENT}.{os.getpid()}"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(digest + "\n")
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(folder / CURRENT)


def _tidy(folder: Path, kept: set[str]) -> None:
    """Remove what no process reads any more; the index before stays for those that load it now."""
    for old in folder.iterdir():
        if old.is_dir() and old.name not in kept:
            shutil.rmtree(old, ignore_errors=True)


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    place.chmod(0o755)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time makes an index; another waits. A process that dies lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
