"""Torch comes without the packages for graphics cards, or the owner is told."""

import json

import pytest
from groundwork import torch
from groundwork.errors import CannotGoOn
from groundwork.torch import brings_cuda, torch_to_install


def a_report(*names):
    return json.dumps({"install": [{"metadata": {"name": name}} for name in names]})


def test_a_plan_with_packages_for_graphics_cards_is_recognised_among_warnings():
    assert brings_cuda("WARNING: a folder is ignored\n" + a_report("torch", "nvidia-cublas"))
    assert brings_cuda(a_report("torch", "triton") + "\nWARNING: one more\n")
    assert not brings_cuda(a_report("torch", "sympy", "filelock"))


@pytest.fixture
def plan(monkeypatch):
    """What pip would install; asking the registry itself is for the set-up."""
    asked = []

    def answer(*names):
        def pip(_python, *words):
            asked.append(words)
            return a_report(*names)

        monkeypatch.setattr(torch, "pip", pip)
        return asked

    return answer


def test_the_processor_build_is_installed_alone_as_its_needs_stand_in_the_lock(plan, tmp_path):
    plan("torch", "sympy")
    assert torch_to_install(tmp_path, {"CI": "true"}) == ["--no-deps", "torch==2.13.0"]


def test_the_arguments_of_the_owner_reach_pip(plan, tmp_path):
    asked = plan("torch")
    environ = {"KAIDESK_TORCH_ARGS": "--find-links '/my wheels'"}
    assert torch_to_install(tmp_path, environ)[-2:] == ["--find-links", "/my wheels"]
    assert asked[0][-2:] == ("--find-links", "/my wheels")


def test_a_ci_run_never_fetches_packages_for_graphics_cards(plan, tmp_path):
    plan("torch", "nvidia-cublas")
    with pytest.raises(CannotGoOn, match="KAIDESK_TORCH_ARGS"):
        torch_to_install(tmp_path, {"CI": "true"})
    assert torch_to_install(tmp_path, {}) == ["torch==2.13.0"]
