"""The index that this process searches at the moment. A new one is noticed and taken up whole;
searches that run meanwhile end on the old one."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from desk.integrations.encoder import Exported, NoEncoder, Sentences, Vectors, agree, sentences
from desk.knowledge.queries.index import CURRENT, HOW, Index, IndexMissing, load
from desk.settings import settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks whether there is a new index
RETRY_SECONDS = 10.0  # before an index that could not be read is tried again


class Shelf:
    """One folder of indexes. `encoder_folder` holds the reader of questions in ONNX; `model`
    is what sentence-transformers loads where that one does not fit the index."""

    def __init__(self, folder: Path, encoder_folder: Path, model: str) -> None:
        self._folder, self._encoder_folder, self._model = folder, encoder_folder, model
        self._index: Index | None = None
        self._seen: tuple[int, str] | None = None
        self._look_again = 0.0
        self._why_missing = f"There is no index in {folder}. {HOW}"
        self._one_at_a_time = threading.Lock()
        self._reader: Sentences | None = None
        self._reads: str | None = None  # digest of the index that the reader was chosen for
        self._choosing = threading.Lock()

    def index(self) -> Index:
        """The newest index that can be read.

        Raises:
            IndexMissing: there is none.
        """
        if time.monotonic() >= self._look_again and self._one_at_a_time.acquire(
            blocking=self._index is None
        ):
            try:
                if time.monotonic() >= self._look_again:
                    self._look()
            finally:
                self._one_at_a_time.release()
        if self._index is None:
            raise IndexMissing(self._why_missing)
        return self._index

    def vector(self, index: Index, question: str) -> Vectors | None:
        """The question as the index sees sentences; None while its reader is still loading, or
        where there is none: then words alone must do."""
        if self._reads != index.digest:
            self._choose_soon(index)
            return None
        if self._reader is None:
            return None
        vector: Vectors = self._reader.encode([question])[0]
        return vector

    def wait_for_reader(self) -> None:
        """Have the reader of questions at hand before the next search."""
        index = self.index()
        with self._choosing:
            self._choose(index)

    def _look(self) -> None:
        self._look_again = time.monotonic() + LOOK_SECONDS
        pointer = self._folder / CURRENT
        try:
            seen = (pointer.stat().st_mtime_ns, pointer.read_text("utf-8").strip())
        except OSError:
            return  # never made, or taken away: what is loaded stays
        if seen == self._seen:
            return
        try:
            self._index = load(self._folder / seen[1])
            self._seen = seen
        except IndexMissing as why:
            self._look_again = time.monotonic() + RETRY_SECONDS
            self._why_missing = str(why)
            log.warning("%s%s", why, " The old one stays." if self._index else "")

    def _choose_soon(self, index: Index) -> None:
        if not self._choosing.locked():
            threading.Thread(target=self._choose_alone, args=(index,), daemon=True).start()

    def _choose_alone(self, index: Index) -> None:
        if self._choosing.acquire(blocking=False):
            try:
                self._choose(index)
            finally:
                self._choosing.release()

    def _choose(self, index: Index) -> None:
        if self._reads != index.digest:
            self._reader = self._reader_for(index)
            self._reads = index.digest

    def _reader_for(self, index: Index) -> Sentences | None:
        if self._reader is not None and agree(self._reader, index.probes):
            return self._reader
        makers: tuple[Callable[[], Sentences], ...] = (
            lambda: Exported(self._encoder_folder),
            lambda: sentences(self._model),
        )
        for make in makers:
            try:
                reader = make()
            except NoEncoder as why:
                log.info("%s", why)
                continue
            if agree(reader, index.probes):
                return reader
        log.warning("No encoder reads as %s did: articles are found by words.", index.encoder)
        return None


_shelves: dict[tuple[Path, Path, str], Shelf] = {}
_making = threading.Lock()


def shelf() -> Shelf:
    """The shelf that the settings name."""
    known = settings()
    key = (known.articles_index, known.encoder_folder, known.encoder)
    with _making:
        if key not in _shelves:
            _shelves[key] = Shelf(*key)
        return _shelves[key]
