"""The directory's page: specialties and counts; names only where an officer looks."""

from flask import Blueprint, g, render_template

from core.api import Context
from plugins.volunteers.directory import cleared, counted

bp = Blueprint("volunteers", __name__)


@bp.get("/directory/")
def directory(place: str) -> str:  # noqa: ARG001 — the context knows it
    """Show who teaches what in this district."""
    context: Context = g.context
    officer = context.can("county_officer") or context.can("school_officer")
    return render_template(
        "volunteers/directory.html",
        place=context.place,
        context=context,
        found=counted(context),
        people=cleared(context) if officer else [],
        officer=officer,
    )
