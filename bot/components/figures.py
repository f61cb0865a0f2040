"""Amounts as the customer's language writes them, where the desk tells them in one form."""

from __future__ import annotations

CHINESE_CURRENCY = {"EUR": "欧元", "USD": "美元", "GBP": "英镑", "CNY": "元", "JPY": "日元"}


def amount_in(language: str, told: str) -> str:
    """`89.00 EUR` becomes `89.00 欧元` in Chinese; an unnamed currency keeps its code."""
    number, _, code = told.rpartition(" ")
    return f"{number} {CHINESE_CURRENCY.get(code, code)}" if language == "zh" and number else told
