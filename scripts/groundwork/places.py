"""Where things are."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Places:
    """The tree, and the folder for everything that is made at run time."""

    root: Path = ROOT

    @property
    def var(self) -> Path:
        return self.root / "var"

    @property
    def logs(self) -> Path:
        return self.var / "logs"

    @property
    def stamps(self) -> Path:
        return self.var / "stamps"

    @property
    def settings_file(self) -> Path:
        return self.var / "desk.env"

    @property
    def desk_python(self) -> Path:
        return self.root / ".venv" / "bin" / "python"

    @property
    def bot_python(self) -> Path:
        return self.root / ".venv-bot" / "bin" / "python"

    @property
    def tools(self) -> Path:
        return self.root / ".venv-tools"

    @property
    def web(self) -> Path:
        return self.root / "web"

    def lock(self, name: str) -> Path:
        return self.root / "requirements" / f"{name}.lock"


def is_root() -> bool:
    return os.geteuid() == 0
