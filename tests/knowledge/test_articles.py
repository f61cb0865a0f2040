"""What an owner writes, and what is said about mistakes in it."""

import contextlib
import random

import pytest

from desk.knowledge.rules.articles import LONGEST_PASSAGE, BrokenArticle, article
from desk.knowledge.rules.rendering import page_of, sections
from desk.knowledge.rules.words import words
from tests.knowledge.conftest import CHINESE, RETURNS


def read(text=RETURNS, slug="returns", language="en"):
    return article(f"{language}/{slug}.md", slug, language, text)


def with_body(body):
    return RETURNS.split("---\n\n")[0].rpartition("---\n")[0] + "---\n" + body


def test_an_article_is_cut_into_its_sections_and_the_lead_opens_the_first():
    how, when = read().passages
    assert (how.heading, how.anchor) == ("How to return something", "how-to-return-something")
    assert how.text == "You have 30 days.\n\n1. Ask in the chat.\n2. Print the label."
    assert (when.anchor, when.text) == ("when-the-money-is-back", "Within 5 working days.")


def test_a_chinese_heading_names_its_anchor_itself():
    how, when = read(CHINESE, language="zh").passages
    assert (how.heading, how.anchor) == ("怎么退货", "how")
    assert (when.heading, when.anchor) == ("钱什么时候退", "when")


def test_headings_that_are_alike_have_anchors_that_differ():
    told = sections("## Cost\n\na\n\n## Cost\n\nb\n\n## 费用\n\nc\n\n## 费用\n\nd")
    assert [s.anchor for s in told[1:]] == ["cost", "cost-2", "section", "section-2"]
    page = page_of("## Cost\n\na\n\n## Cost\n\nb")
    assert '<h2 id="cost">' in page
    assert '<h2 id="cost-2">' in page


@pytest.mark.parametrize(
    ("change", "line", "words_said"),
    [
        (("---\ntitle", "title"), 1, "three hyphens"),
        (("2026-11-18\n---\n", "2026-11-18\n"), 1, "no end"),
        (("title: Returns and refunds\n", ""), 1, "title must be"),
        (("owner: returns@example.com", "owner: []"), 5, "owner must be"),
        (("2026-11-18", "soon"), 6, "updated must be a day"),
        (("answers: [returns_policy]", "answers: returns_policy"), 3, "must be a list"),
        (("answers: [returns_policy]", "answers: [a, b"), 4, "no YAML"),
        (("answers:", "replies:"), 3, "replies is none of"),
        (("updated:", "url: javascript:alert(1)\nupdated:"), 6, "must begin with https"),
    ],
)
def test_a_mistake_in_the_head_is_named_with_its_line(change, line, words_said):
    assert change[0] in RETURNS
    with pytest.raises(BrokenArticle, match=words_said) as broken:
        read(RETURNS.replace(*change))
    assert (broken.value.file, broken.value.line) == ("en/returns.md", line)


def test_an_article_without_text_or_with_a_strange_name_is_refused():
    with pytest.raises(BrokenArticle, match="no text below"):
        read(with_body("  \n"))
    with pytest.raises(BrokenArticle, match="file name"):
        read(slug="Returns & refunds")


def test_html_and_scripts_in_an_article_are_shown_and_never_carried_out():
    page = page_of("<script>alert(1)</script>\n\n[a](javascript:alert(1)) <b onclick=x>b</b>")
    assert "<script" not in page
    assert "<b " not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript' not in page


def test_lists_tables_and_links_stay_readable_without_markdown():
    body = (
        "- one\n- two\n  - inner\n\n3. three\n4. four\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "See [our site](https://example.com/x), *now*, or `code`.\n\n> quoted\n\n```\nx = 1\n```"
    )
    (only,) = sections(body)
    assert only.blocks == (
        "• one\n• two\n  • inner",
        "3. three\n4. four",
        "a · b\n1 · 2",
        "See our site (https://example.com/x), now, or code.",
        "quoted",
        "x = 1",
    )


def test_a_long_section_becomes_passages_that_can_be_read_in_a_chat():
    long = read(with_body("## Long\n\n" + "\n\n".join(["A sentence of some words. " * 12] * 9)))
    assert len(long.passages) > 2
    assert {p.anchor for p in long.passages} == {"long"}
    endless = read(with_body("## Endless\n\n" + "x" * 5_000))
    for passage in (*long.passages, *endless.passages):
        assert 0 < len(passage.text) <= LONGEST_PASSAGE
    assert "".join(p.text for p in endless.passages) == "x" * 5_000


PIECES = [
    *"#`*_[](){}<>|-!\\\n\t &;:.0a 退。\u200b\u202e😀",
    "\n## ",
    "\n- ",
    "\n\n",
    "| a |\n|---|\n",
]


@pytest.mark.parametrize("seed", range(60))
def test_whatever_is_written_is_read_or_refused_in_words(seed):
    body = "".join(random.Random(seed).choices(PIECES, k=300))
    with contextlib.suppress(BrokenArticle):
        told = read(with_body(body))
        assert all(passage.text.strip() for passage in told.passages)
        assert "<script" not in page_of(told.body)
    assert all(word == word.strip() and word for word in words(body))


def test_chinese_is_looked_up_by_characters_and_pairs_english_without_small_words():
    assert words("怎么退货？") == ["怎", "退", "货", "怎么", "么退", "退货"]
    assert words("How do I return the pots?") == ["return", "pot"]
    assert words("Ｒｅｔｕｒｎｓ") == words("returns")
    assert words("退 货") == ["退", "货"]
