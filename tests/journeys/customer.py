"""A customer without a browser: the API alone."""

import re
import time
from uuid import uuid4

import httpx

from tests.whole_desk import wait_until

CODE = re.compile(r"^(\d{6}) is the code", re.M)


class Customer:
    """One session and one conversation."""

    def __init__(self, desk):
        self.http = httpx.Client(base_url=desk.url + "/api/v1", timeout=20, trust_env=False)
        token = {"website_token": desk.settings["DESK_WEBSITE_TOKEN"]}
        session = self.http.post("/sessions", json=token).json()["token"]
        self.http.headers["Authorization"] = f"Bearer {session}"
        begun = self.http.post("/conversations", json={"client_id": str(uuid4())}).json()
        self.address = f"/conversations/{begun['id']}"

    def send(self, text, client_id=None):
        body = {"client_id": client_id or str(uuid4()), "text": text}
        return self.http.post(f"{self.address}/turns", json=body)

    def state(self):
        while (answer := self.http.get(self.address)).status_code == 429:
            time.sleep(0.5)  # a browser reads the stream; only a test looks this often
        return answer.json()

    def turns(self, *authors):
        return [t for t in self.state()["turns"] if t["author"] in authors]

    def asks(self, text, seconds=20):
        """Say something and wait for the bot's words; gives what it said."""
        before = len(self.turns("bot"))
        assert self.send(text).status_code == 202
        wait_until(lambda: len(self.turns("bot")) > before, seconds, f"an answer to {text!r}")
        return self.turns("bot")[before:]


def refund_asked(desk, customer, order="KD-4711"):
    (email,) = desk.back_office(
        "SELECT c.email FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.number = ?",
        order,
    )[0]
    customer.asks(f"I want a refund for order {order}")
    if not customer.turns("bot")[-1]["quick_replies"]:
        customer.asks(email)
    customer.asks("yes")
    code_given(desk, customer, email)


def code_given(desk, customer, email):
    """Say the code that was mailed, where nobody vouches for the customer and one is wanted."""
    if not customer.state()["jobs"]:
        customer.asks(wait_until(lambda: mailed_code(desk, email), 20, "the code"))


def mailed_code(desk, email):
    """The newest code that was mailed to this address."""
    ours = [mail for mail in desk.mails() if f"To: {email}" in mail]
    codes = [found.group(1) for mail in ours if (found := CODE.search(mail))]
    return codes[-1] if codes else None
