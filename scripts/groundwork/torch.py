"""Torch, installed first and on its own.

The desk computes on the processor. Registries often offer torch only as a build for graphics
cards, which brings gigabytes of CUDA packages; a CPU build is used wherever pip can find one
(it honours the owner's own pip settings), and KAIDESK_TORCH_ARGS adds arguments for pip.
"""

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from groundwork.commands import pip, runs
from groundwork.errors import CannotGoOn
from groundwork.progress import say

TORCH = "torch==2.13.0"
FOR_GRAPHICS_CARDS = ("nvidia-", "cuda-", "triton")
ONLY_CUDA = (
    "The package registry offers torch only with CUDA, several GB more than needed. Where a CPU "
    "build is to be had, name it: KAIDESK_TORCH_ARGS='--index-url ADDRESS' or '--find-links FOLDER'"
)


def torch_is_there(python: Path) -> bool:
    version = runs(python, "-c", "import importlib.metadata as m; print(m.version('torch'))")
    return version is not None and version.split("+")[0] == TORCH.partition("==")[2]


def torch_to_install(python: Path, environ: Mapping[str, str]) -> list[str]:
    """What to tell pip: torch alone, or torch with CUDA where there is nothing else.

    Raises:
        CannotGoOn: there is only the CUDA build, and this is a CI run, which must stay small.
    """
    chosen = shlex.split(environ.get("KAIDESK_TORCH_ARGS", ""))
    report = pip(python, "--dry-run", "--ignore-installed", "--report", "-", TORCH, *chosen)
    if not brings_cuda(report):
        return ["--no-deps", TORCH, *chosen]  # its few needs stand in the lock
    if environ.get("CI"):
        raise CannotGoOn(ONLY_CUDA)
    say(f"     {ONLY_CUDA}. Going on with CUDA.")
    return [TORCH, *chosen]


def brings_cuda(report: str) -> bool:
    """Whether pip's report (JSON, maybe after some warnings) holds packages for graphics cards."""
    plan, _end = json.JSONDecoder().raw_decode(report[report.index("{") :])
    names = [item["metadata"]["name"].lower() for item in plan["install"]]
    return any(name.startswith(FOR_GRAPHICS_CARDS) for name in names)
