"""Robots written as Robot Framework suites, and the keywords that join them to the desk."""

from automation.suites.keywords import Desk

__all__ = ["Desk"]
