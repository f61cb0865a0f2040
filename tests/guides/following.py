"""A guide as its reader follows it: what to write where, and what to type."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs/guides"

STEP = re.compile(
    r"^(?P<where>[^\n]+):\n\n```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
NEW_FILE = re.compile(r"^New file `(?P<path>[^`]+)`$")
AT_LINE = re.compile(r"^In `(?P<path>[^`]+)`, (?P<side>after|before) the line `(?P<line>[^`]+)`$")
AT_THE_END = re.compile(r"^At the end of `(?P<path>[^`]+)`$")
TYPE = "Type"


class NotToBeFollowed(Exception):
    """A reader would not know what to do here."""


@dataclass(frozen=True)
class Edit:
    """Text to write: a new file, or lines that go beside `line` of one, or to its end."""

    path: str
    text: str
    is_new: bool = False
    line: str | None = None
    goes_before: bool = False

    def carry_out(self, folder: Path) -> None:
        """Do it in `folder`.

        Raises:
            NotToBeFollowed: the new file is there already, or the line is not, or twice.
        """
        file = folder / self.path
        if file.exists() == self.is_new:
            raise NotToBeFollowed(f"{self.path} is {'already' if self.is_new else 'not'} there.")
        if self.is_new:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text, "utf-8")
            return
        lines = file.read_text("utf-8").splitlines(keepends=True)
        place = self._place(lines)
        file.write_text("".join([*lines[:place], self.text, *lines[place:]]), "utf-8")

    def _place(self, lines: list[str]) -> int:
        if self.line is None:
            return len(lines)
        places = [n for n, line in enumerate(lines) if line == f"{self.line}\n"]
        if len(places) != 1:
            raise NotToBeFollowed(f"{self.path} holds {len(places)} times: {self.line!r}")
        return places[0] + (0 if self.goes_before else 1)


def edits(guide: str) -> list[Edit]:
    """All that the guide has its reader write, in order."""
    return [one for one in _steps(guide) if isinstance(one, Edit)]


def commands(guide: str) -> list[str]:
    """All that the guide has its reader type, in order, each block as one text."""
    return [one for one in _steps(guide) if isinstance(one, str)]


def _steps(guide: str) -> Iterator[Edit | str]:
    text = (GUIDES / f"{guide}.md").read_text("utf-8")
    found = list(STEP.finditer(text))
    if 2 * len(found) != len(re.findall(r"^```", text, re.MULTILINE)):
        raise NotToBeFollowed(f"{guide}: a block without a line that says where it goes.")
    for step in found:
        where, block = step["where"], step["text"]
        if told := NEW_FILE.match(where):
            yield Edit(told["path"], block, is_new=True)
        elif told := AT_LINE.match(where):
            yield Edit(told["path"], block, line=told["line"], goes_before=told["side"] == "before")
        elif told := AT_THE_END.match(where):
            yield Edit(told["path"], block)
        elif where == TYPE:
            yield block
        else:
            raise NotToBeFollowed(f"{guide}: what is to be done with {where!r}?")
