"""The directory's page: specialties and counts; names only where an officer looks."""

from flask import Blueprint, render_template

from core.web.plugin_pages import anyone, plugin_context, title_of
from plugins.volunteers.directory import cleared, counted

bp = Blueprint("volunteers", __name__)


@bp.get("/directory/")
@anyone
def directory(place: str) -> str:  # noqa: ARG001 — the context knows it
    """Show who teaches what in this district."""
    context = plugin_context("volunteers")
    officer = context.can("county_officer") or context.can("school_officer")
    people = cleared(context) if officer else []
    return render_template(
        "volunteers/directory.html",
        place=context.place,
        found=counted(context),
        people=people,
        officer=officer,
        title=title_of,
    )
