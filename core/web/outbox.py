"""What the sample county's messages would have said: the outbox page."""

from flask import Blueprint, render_template

from core.web.access import demo_only
from core.web.visit import office

bp = Blueprint("outbox", __name__)


@bp.get("/outbox/")
@demo_only
def outbox() -> str:
    """Show the latest messages that stayed in the house."""
    messages = office().ports.messages
    recent = getattr(messages, "recent", None)
    return render_template("outbox.html", messages=recent(50) if recent else ())
