"""A clause in its own words, where a rule or a refusal cites it."""

from flask import Blueprint, abort, render_template

from core.web.access import anyone
from core.web.visit import office

bp = Blueprint("policy", __name__)


@bp.get("/policy/<document>/<path:no>")
@anyone
def clause(document: str, no: str) -> str:
    """Show one clause."""
    found = office().policy.clause(f"{document}/{no}")
    if found is None:
        abort(404)
    return render_template("clause.html", clause=found)
