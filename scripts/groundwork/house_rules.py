"""Rules of the house that no other check knows. Each yields one line per breach."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LONGEST_FUNCTION_LINES = 50
LONGEST_FILE_LINES = 400
CODE = {".py", ".ts", ".tsx"}
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "service", "handler"}

# Written so that this file keeps the rule itself.
REGISTRIES = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.org|pytorch[.]org/whl|deb[.]debian\.org|yarn[p]kg\.com"
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:ro[o]t|ho[m]e/\w+|wo[r]k|opt/w[h]eels|opt/py[p]i)/")

# What comes along with most builds of torch: gigabytes that a desk has no use for.
FOR_GRAPHICS_CARDS = re.compile(r"^(nvidia-|cuda-|triton\b)")

# A migration is a list of tables, written once and never read as code.
NO_LENGTH = {"migrations"}

# Domain files without customer utterances of their own, and why.
NO_TOPIC = {
    "desk": "What the desk itself says: notices, no topic of the customer's.",
    "knowledge": "What is said around a passage of an article; any topic may lead to one.",
}
LANGUAGES = ("en", "zh")


def breaches(root: Path, tracked: list[Path]) -> Iterator[str]:
    """All breaches in the tracked files, as `path:line: what`."""
    for path in tracked:
        file = root / path
        if not file.is_file() or file.is_symlink():
            continue
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue  # a picture
        yield from in_any_file(path, text)
        if path.suffix in CODE and path.parts[0] not in NO_LENGTH:
            yield from in_code(path, text)
    yield from missing_siblings(root)


def in_any_file(path: Path, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if REGISTRIES.search(line):
            yield f"{path}:{number}: names a package registry"
        if MACHINE_PATHS.search(line):
            yield f"{path}:{number}: names a path of one machine"
        if is_lock(path) and FOR_GRAPHICS_CARDS.match(line):
            yield f"{path}:{number}: brings packages for graphics cards along"
        if is_lock(path) and "://" in line and "funding" not in line:
            yield from address_in_lock(path, number, line)


def is_lock(path: Path) -> bool:
    return path.suffix == ".lock" or path.name == "package-lock.json"


def address_in_lock(path: Path, number: int, line: str) -> Iterator[str]:
    """npm notes where a package asks for money (`url`); only `resolved` is an address to fetch."""
    if path.suffix == ".lock" or '"resolved"' in line:
        yield f"{path}:{number}: a lock with an address"


def in_code(path: Path, text: str) -> Iterator[str]:
    lines = text.count("\n")
    if lines > LONGEST_FILE_LINES:
        yield f"{path}: {lines} lines, more than {LONGEST_FILE_LINES}"
    if path.stem.lower() in BANNED_NAMES:
        yield f"{path}: a name that says nothing"
    if path.suffix == ".py":
        yield from long_functions(path, text)


def long_functions(path: Path, text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION_LINES:
                yield f"{path}:{node.lineno}: {node.name} has {lines} lines"


def missing_siblings(root: Path) -> Iterator[str]:
    """One topic, one basename: what the bot says, how it talks, what customers say. That it is
    talked about in tests/dialogue, a test says, which knows its intents."""
    for domain in sorted((root / "bot" / "domain").glob("*.yml")):
        topic = domain.stem
        if topic in NO_TOPIC:
            continue
        wanted = [f"bot/dialogue/{topic}.yml"]
        wanted += [f"nlu_data/train/{language}/{topic}.yml" for language in LANGUAGES]
        for sibling in wanted:
            if not (root / sibling).exists():
                yield f"bot/domain/{topic}.yml: has no {sibling}"
