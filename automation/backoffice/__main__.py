"""`python -m automation.backoffice` serves back office and shop; `--seed` makes the demo anew."""

import argparse

import uvicorn

from automation.backoffice import settings
from automation.backoffice.app import app
from automation.backoffice.seed import admit_staff, bring_up_to_date, seed


def main() -> None:
    parser = argparse.ArgumentParser(prog="automation.backoffice", description=__doc__)
    parser.add_argument("--seed", action="store_true", help="make the demo orders anew and stop")
    asked = parser.parse_args()
    if asked.seed or not settings.database().exists():
        seed(settings.database())
    if asked.seed:
        return
    bring_up_to_date(settings.database())
    admit_staff(settings.database())
    uvicorn.run(app(), host="127.0.0.1", port=settings.port(), log_level="warning")


if __name__ == "__main__":
    main()
