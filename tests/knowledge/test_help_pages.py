"""The articles as anybody may read them."""

import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from desk.http import help as help_pages
from desk.http.app import create_app
from desk.integrations.bot import ScriptedBot
from desk.people import routes
from tests.knowledge.conftest import RETURNS, Folder


@pytest.fixture
def client(in_force: Folder):
    routes._limiter.storage.reset()
    with TestClient(create_app(ScriptedBot()), raise_server_exceptions=False) as client:
        yield client


def test_an_article_is_a_page_with_its_sections(client):
    answer = client.get("/help/en/returns")
    assert answer.status_code == 200
    assert '<h2 id="how-to-return-something">How to return something</h2>' in answer.text
    assert "<strong>label</strong>" in answer.text
    assert "<title>Returns and refunds</title>" in answer.text
    assert '<html lang="en">' in answer.text


def test_the_page_names_the_same_article_in_the_other_language(client):
    page = client.get("/help/en/returns").text
    assert '<link rel="alternate" hreflang="zh" href="/help/zh/returns" />' in page
    only_english = client.get("/help/en/delivery").text
    assert 'href="/help/zh/delivery"' not in only_english
    assert 'href="/help/zh"' in only_english


def test_the_policy_allows_no_script_of_strangers(client):
    policy = client.get("/help/en/returns").headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<script(?![^>]*src=)", client.get("/help/en/returns").text)


@pytest.mark.fault("knowledge-article-gone")
@pytest.mark.parametrize(
    ("language", "words_said"), [("en", "not here any more"), ("zh", "已经不在了")]
)
def test_an_article_that_is_gone_says_so_in_the_readers_language(client, language, words_said):
    answer = client.get(f"/help/{language}/was-here-yesterday")
    assert answer.status_code == 404
    assert words_said in answer.text
    assert "Returns and refunds" in answer.text or "退货和退款" in answer.text


def test_an_article_deleted_between_answer_and_click_is_a_page_of_404(client, in_force):
    assert client.get("/help/en/delivery").status_code == 200
    (in_force.sources / "en" / "delivery.md").unlink()
    in_force.make()
    assert client.get("/help/en/delivery").status_code == 404


def test_the_list_shows_every_article_and_the_search_what_it_finds(client):
    everything = client.get("/help/en").text
    assert "/help/en/returns" in everything
    assert "/help/en/delivery" in everything
    found = client.get("/help/en", params={"q": "shipping cost"}).text
    assert 'href="/help/en/delivery#what-it-costs"' in found
    assert 'value="shipping cost"' in found
    nothing = client.get("/help/en", params={"q": "qwertz"}).text
    assert "Nothing found" in nothing
    assert "/help/en/returns" in nothing


@pytest.mark.parametrize(
    "asked",
    ["<script>alert(1)</script>", '"><img src=x>', "\x00", "{{7*7}}", "\ud800", "x" * 1_999],
)
def test_what_is_searched_for_is_shown_as_text(client, asked):
    answer = client.get(f"/help/en?q={quote(asked, errors='replace')}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert ">49<" not in answer.text


def test_the_front_door_leads_to_the_readers_language(client):
    wish = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"}
    assert (
        client.get("/help", headers=wish, follow_redirects=False).headers["location"] == "/help/zh"
    )
    assert client.get("/help", follow_redirects=False).headers["location"] == "/help/en"


def test_a_language_that_nobody_wrote_in_is_answered_in_english(client):
    assert client.get("/help/xx").status_code == 404
    assert client.get("/help/xx/returns").status_code == 404
    assert client.get("/help/en/..%2f..%2fetc").status_code == 404


def test_markup_in_an_article_cannot_break_out(client, in_force):
    in_force.write("en/returns.md", RETURNS + "\n<script>alert(1)</script> </main> ![x](//evil)\n")
    in_force.make()
    page = client.get("/help/en/returns").text
    assert "<script>alert" not in page
    assert page.count("</main>") == 1


@pytest.mark.fault("knowledge-index-missing")
def test_without_an_index_the_page_asks_to_come_back(client, in_force, monkeypatch):
    monkeypatch.setenv("DESK_ARTICLES_INDEX", str(in_force.index / "nowhere"))
    help_pages.settings.cache_clear()
    for address in ("/help/zh", "/help/zh/returns"):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "暂时无法显示文章" in answer.text
