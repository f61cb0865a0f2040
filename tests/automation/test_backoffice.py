"""The sample company itself: its rules, its demo orders, its shop."""

import re
import sqlite3
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from shutil import which

import httpx
import jwt
import pytest
from playwright.sync_api import sync_playwright

from automation.backoffice.database import today
from automation.backoffice.ledger import is_complete
from automation.backoffice.seed import bring_up_to_date, seed
from automation.systems.browser import FLAGS
from desk.integrations.orders import BackOfficeOrders
from tests.automation.running import Company, staff
from tests.conftest import SECRETS


def test_nobody_sees_orders_without_signing_in(company: Company) -> None:
    with httpx.Client(base_url=company.url, trust_env=False) as stranger:
        for page in ("/", "/orders/KD-4711", "/orders/KD-4711/refund", "/customers", "/invoices"):
            assert stranger.get(page).headers["location"].endswith("/sign-in")
        filed = stranger.post("/orders/KD-4711/refund", data={"reference": "x"})
        assert filed.headers["location"].endswith("/sign-in")
        wrong = stranger.post("/sign-in", data={"login": "robot", "password": "guess"})
        assert (wrong.status_code, "E001" in wrong.text) == (401, True)
    assert company.refunds("KD-4711") == []


def test_it_has_no_api(company: Company) -> None:
    with httpx.Client(base_url=company.url, trust_env=False) as stranger:
        for page in ("/openapi.json", "/docs", "/redoc", "/api", "/api/v1/orders"):
            assert stranger.get(page).status_code == 404


def test_an_order_is_refunded_once_whoever_asks(company: Company) -> None:
    with staff(company) as mara:
        first = mara.post("/orders/KD-4711/refund", data={"reason": "r", "reference": ""})
        second = mara.post("/orders/KD-4711/refund", data={"reason": "r", "reference": "x"})
    assert re.search(r"RF-\d{5}", first.text)
    assert (second.status_code, "E102" in second.text) == (409, True)
    assert len(company.refunds("KD-4711")) == 1


def test_the_search_leads_straight_to_an_order_and_else_to_a_list(company: Company) -> None:
    with staff(company) as mara:
        assert mara.get("/", params={"q": "kd-4711"}).url.path == "/orders/KD-4711"
        assert "KD-4731" in mara.get("/", params={"q": "李娜"}).text
        assert "No order found" in mara.get("/", params={"q": "%' OR 1=1 --"}).text


def test_what_people_typed_is_shown_as_text(company: Company) -> None:
    words = "<script>alert(1)</script>"
    with staff(company) as mara:
        mara.post("/orders/KD-4711/refund", data={"reason": words, "reference": words})
        assert words not in mara.get("/orders/KD-4711").text


@pytest.mark.parametrize(
    ("address", "complete"),
    [
        ("1 New Road, Leeds LS1 4AP", True),
        ("1 New Road\nLeeds", True),
        ("上海市徐汇区衡山路 12 号", True),
        ("New Road, Leeds", False),
        ("1 New Road", False),
        ("路 12 号", False),
        ("", False),
    ],
)
def test_an_address_has_a_street_with_a_number_and_a_town(address: str, complete: bool) -> None:
    assert is_complete(address) is complete


def test_the_demo_shows_every_case_whatever_day_it_is_made(tmp_path: Path) -> None:
    seed(tmp_path / "orders.sqlite")
    orders = BackOfficeOrders(tmp_path / "orders.sqlite")
    for first in (4711, 4731):
        found = [orders.find(str(first + n)) for n in range(9)]
        states = [order.status for order in found if order]
        assert states == [
            "delivered", "refunded", "delivered", "placed", "shipped", "cancelled", "delivered",
            "delivered", "placed",
        ]  # fmt: skip
        delivered = [order.delivered_on or date.max for order in found if order]
        assert delivered[0] > today() - timedelta(days=30) > delivered[2]


def test_making_the_orders_anew_locks_nobody_out(company: Company) -> None:
    seed(company.database)
    with staff(company) as mara:
        assert mara.get("/orders/KD-4711").status_code == 200


def test_a_file_of_an_earlier_release_gets_what_it_lacks_and_keeps_what_it_has(
    tmp_path: Path,
) -> None:
    file = tmp_path / "orders.sqlite"
    seed(file)
    tables = ("accounts", "account_changes", "subscriptions", "scans", "parcels", "bookings")
    with closing(sqlite3.connect(file)) as old, old:
        old.execute("UPDATE orders SET address = 'kept' WHERE number = 'KD-4711'")
        for table in ("account_changes", "accounts", "subscriptions", "scans", "parcels"):
            old.execute(f"DROP TABLE {table}")
        old.execute("DROP TABLE bookings")
    for _ in range(2):
        bring_up_to_date(file)
    with closing(sqlite3.connect(file)) as now:
        (address,) = now.execute("SELECT address FROM orders WHERE number = 'KD-4711'").fetchone()
        rows = {table: now.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables}
    assert address == "kept"
    assert rows["accounts"] == (8,)
    assert rows.pop("account_changes") == (0,)
    assert all(count > 0 for (count,) in rows.values())


@pytest.mark.parametrize(
    "path", ["/directory/accounts/li.na@example.com", "/finance/refunds", "/mail/trace"]
)
def test_systems_that_speak_json_answer_nobody_without_the_right_login(
    company: Company, path: str
) -> None:
    with httpx.Client(base_url=company.url, trust_env=False) as visit:
        assert visit.get(path).status_code == 401
        assert visit.get(path, auth=("robot", "guessed")).status_code == 401


def test_a_file_that_is_no_database_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "orders.sqlite").write_text("not a database, " * 100)
    seed(tmp_path / "orders.sqlite")
    assert BackOfficeOrders(tmp_path / "orders.sqlite").find("KD-4711")


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_the_shop_stands_while_the_desk_is_unreachable(
    company: Company, scheme: str, width: int
) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=which("chromium"), args=[*FLAGS])
        page = browser.new_page(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 800},
        )
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{company.url}/shop?lang=zh")
        page.select_option("#customer", label="李娜")
        page.get_by_text("KD-4731").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        browser.close()
    assert errors == []


def test_the_shop_signs_its_customer_for_the_desk(company: Company) -> None:
    with httpx.Client(base_url=company.url, follow_redirects=True, trust_env=False) as customer:
        guest = customer.get("/shop").text
        assert "setUser" not in guest
        assert '"http://127.0.0.1:9/widget/sdk.js"' in guest
        assert 'websiteToken: "test-site"' in guest
        page = customer.post("/shop/sign-in", data={"customer": "2", "lang": "zh"}).text
        assert 'locale: "zh"' in page
        assert "KD-4731" in page
        assert '$desk("setUser", "customer-2"' in page
        token = customer.get("/shop/identity").json()["jwt"]
    claims = jwt.decode(
        token, SECRETS["DESK_IDENTITY_SECRET"], algorithms=["HS256"], audience="kaidesk"
    )
    assert (claims["email"], claims["name"]) == ("li.na@example.com", "李娜")
    assert claims["sub"] == "customer-2"
    assert claims["jti"]
    assert 0 < claims["exp"] - time.time() <= 3600


def test_nobody_becomes_a_customer_whom_the_demo_does_not_offer(company: Company) -> None:
    with httpx.Client(base_url=company.url, follow_redirects=True, trust_env=False) as customer:
        customer.post("/shop/sign-in", data={"customer": "3"})
        assert customer.get("/shop/identity").json() == {"jwt": None}


def test_leaving_the_shop_leaves_the_chat_and_arriving_keeps_it(company: Company) -> None:
    reset = '$desk("reset")'
    with httpx.Client(base_url=company.url, follow_redirects=True, trust_env=False) as customer:
        assert reset not in customer.post("/shop/sign-in", data={"customer": "1"}).text
        assert reset in customer.post("/shop/sign-in", data={"customer": "2"}).text
        assert reset not in customer.get("/shop").text
        assert reset in customer.post("/shop/sign-in", data={"customer": ""}).text
