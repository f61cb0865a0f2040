"""A payment that failed, hangs, or was taken wrongly."""

import re

from rasa_sdk.events import EventType

from actions.figures import as_written
from actions.form import Filling, Form, is_told_freely
from actions.talk import Door, Talk, offer_after_leaving, remember
from actions.tickets import take_down
from desk.conversations.commands import reach_goal
from desk.conversations.models import Resolver
from desk.durable import transaction

# The first that fits counts: money that is gone weighs more than a payment that was refused.
PROBLEMS = {
    "taken": re.compile(
        r"\b(?:twice|double|two times|2 ?x|2 times|duplicate|again|too much|overcharged"
        r"|wrong amount|never ordered|did(?:n'?t| not) order|unauthori[sz]ed"
        r"|(?:do|did)(?:n'?t| not) recogni[sz]e)\b"
        r"|\b(?:taken|debited|deducted|gone|left my account|charged)\b.*\b(?:but|no|without|yet)\b"
        r"|两次|重复|双重|两遍|两笔|多扣|多收|又扣|盗刷|扣错|金额不对|不是我|扣了?(?:款|钱)?.*(?:没|失败|未|不)",
        re.I,
    ),
    "failed": re.compile(
        r"declin|reject|refus|fail|error|\bnot (?:work|accept|go)|(?:does|did|wo|ca)n'?t"
        r"|denied|unable|impossible|失败|被拒|拒绝|付不|支付不|不成功|没成功|报错|出错|没法|无法|不能付|不了",
        re.I,
    ),
    "pending": re.compile(
        r"pending|processing|hang|stuck|\bwait|unpaid|not (?:yet )?(?:arrived|received|there)"
        r"|\bpaid\b.*\b(?:but|still|not)\b|待付款|处理中|卡|没到账|未到账|未支付|一直|还没",
        re.I,
    ),
}
NONE_KNOWN = ("deny", "dont_know", "refuse_answer")


class PaymentIssueForm(Form):
    name_in_domain = "validate_payment_issue_form"
    topic = "payment_issue"
    wants = ("payment_problem", "order_number")
    near = frozenset({"track_order", "payment_methods"})

    def begin(self, talk: Talk, filling: Filling) -> None:
        super().begin(talk, filling)
        filling["without_order"] = None
        self.take(talk, filling)

    def is_about_something_else(self, talk: Talk, requested: str) -> bool:
        """What has happened may sound like a complaint or a refund."""
        if requested == "payment_problem" and is_told_freely(talk):
            return False
        return super().is_about_something_else(talk, requested)

    def read(self, talk: Talk, requested: str, filling: Filling) -> None:
        if requested == "payment_problem" and not talk.is_button:
            self.take(talk, filling)
        elif talk.intent in NONE_KNOWN and not talk.names_an_order_or_mail:
            filling["without_order"] = True

    def take(self, talk: Talk, filling: Filling) -> None:
        """Take the story, if it is one."""
        problem = None if talk.is_button else problem_in(talk.text)
        filling["payment_problem"] = problem
        filling["payment_told"] = as_written(talk.text) if problem else None

    def next_wanted(self, talk: Talk, filling: Filling) -> str | None:
        """Only money that is gone is a matter for a colleague, who looks by the order."""
        if filling["payment_problem"] is None:
            return "payment_problem"
        if filling["payment_problem"] != "taken" or filling["without_order"]:
            return None
        self.check_order_number(talk, filling)
        return "order_number" if filling["order_number"] is None else None


class PaymentIssue(Door):
    name_in_domain = "action_payment_issue"

    def act(self, talk: Talk) -> list[EventType]:
        problem = talk.slots.get("payment_problem")
        done = remember(payment_problem=None, payment_told=None, without_order=None)
        if problem is None or talk.slots.get("left_because"):
            return done + offer_after_leaving(talk, "payment_issue")
        if problem == "taken":
            order = None if talk.slots.get("without_order") else talk.slots.get("order_number")
            told = talk.slots.get("payment_told") or ""
            subject = f"{order}: {told}" if order else told
            return take_down(talk, "payment_issue", subject, "utter_payment_taken") + done
        transaction(reach_goal, talk.conversation_id, "payment_issue", by=Resolver.BOT)
        talk.say(f"utter_payment_{problem}")
        talk.say("utter_ask_solved")
        return done


def problem_in(text: str) -> str | None:
    """What has happened to the payment, by the customer's own words; None if they don't say."""
    return next((name for name, said in PROBLEMS.items() if said.search(text)), None)
