"""What the mail system took: asked by Message-ID, as mail systems are."""

from fastapi import APIRouter

from automation.backoffice import settings
from automation.backoffice.interfaces.door import Asker
from automation.backoffice.mail import digest_of

interface = APIRouter(prefix="/mail")


@interface.get("/trace")
def trace(_: Asker, message_id: str) -> dict[str, bool]:
    found = settings.mail_folder().glob(f"*-{digest_of(message_id)}.eml")
    return {"taken": next(found, None) is not None}
