"""Reading the folder that owners write in."""

import re
from dataclasses import dataclass
from pathlib import Path

from desk.errors import NotFound
from desk.knowledge.rules.articles import Article, BrokenArticle, article, need_one_answer_each

LANGUAGE = re.compile(r"[a-z]{2,3}")
QUESTIONS = "questions"


class NoArticles(NotFound):
    """The folder of articles holds none."""


@dataclass(frozen=True)
class Sources:
    """Articles by language, in order of their names; the labelled questions by language, as
    they stand in their files; and all files with their content."""

    articles: dict[str, list[Article]]
    questions: dict[str, str]
    files: dict[str, str]


def read_sources(folder: Path) -> Sources:
    """Every `<language>/<slug>.md` and `questions/<language>.tsv` in the folder.

    Raises:
        BrokenArticle: the first file that cannot be read, and where.
        NoArticles: there is not one.
    """
    files: dict[str, str] = {}
    articles: dict[str, list[Article]] = {}
    for place in sorted(folder.glob("*/*.md")):
        language = place.parent.name
        if not LANGUAGE.fullmatch(language):
            continue
        name = f"{language}/{place.name}"
        files[name] = _text(place, name)
        articles.setdefault(language, []).append(article(name, place.stem, language, files[name]))
    if not articles:
        raise NoArticles(f"There is no article in {folder}; the first could be en/returns.md.")
    for language, read in articles.items():
        need_one_answer_each(read, {each.slug: f"{language}/{each.slug}.md" for each in read})
    questions = {}
    for place in sorted((folder / QUESTIONS).glob("*.tsv")):
        name = f"{QUESTIONS}/{place.name}"
        questions[place.stem] = files[name] = _text(place, name)
    return Sources(articles, questions, files)


def _text(place: Path, name: str) -> str:
    try:
        return place.read_text("utf-8")
    except UnicodeDecodeError as broken:
        line = place.read_bytes()[: broken.start].count(b"\n") + 1
        raise BrokenArticle(name, line, "not written in UTF-8") from broken
    except OSError as broken:
        raise BrokenArticle(name, 1, f"cannot be read: {broken.strerror}") from broken
