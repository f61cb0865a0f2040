"""A vault in the environment, where no file may hold a secret: one variable for each entry.

`RPA_SECRET_MANAGER=automation.environment_vault.EnvironmentSecrets`, and for the entry `backoffice`
the variable `ROBOT_SECRET_BACKOFFICE={"login": "robot", "password": "…"}`. A robot is handed the
variables of its own entries and of no others.
"""

import json
import os
from typing import Any

from RPA.Robocorp.Vault import BaseSecretManager, Secret

from automation.starting import SECRET_PREFIX


class EnvironmentSecrets(BaseSecretManager):
    """An adapter for `RPA.Robocorp.Vault`. It reads; what writes secrets is not a robot."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """The library hands on what its own adapters take; there is nothing to set here."""

    def get_secret(self, secret_name: str) -> Secret:
        """One entry.

        Raises:
            KeyError: there is no such variable, or it holds no JSON object. Its value is not told.
        """
        try:
            values = json.loads(os.environ[variable(secret_name)])
        except ValueError:
            values = None
        if not isinstance(values, dict):
            raise KeyError(f"{variable(secret_name)} does not hold a JSON object.")
        return Secret(secret_name, "", values)

    def set_secret(self, secret: Secret) -> None:
        raise PermissionError("Robots read secrets. Set the variable where the worker is started.")


def variable(entry: str) -> str:
    """The variable's name for an entry of the vault."""
    return SECRET_PREFIX + entry.upper().replace("-", "_")
