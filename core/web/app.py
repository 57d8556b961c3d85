"""Makes the Flask application on the ports it is given."""

import base64
from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from werkzeug.wrappers import Response

from core.bundles import Bundle
from core.office import Office, open_office
from core.ports import Ports
from core.privacy import EVERYWHERE
from core.web import (
    access,
    agenda,
    assets,
    bulk,
    calendar,
    case_acts,
    case_pages,
    choosing,
    circulated,
    desk,
    editing,
    errors,
    figures,
    filing,
    finished,
    handling,
    imports,
    json_api,
    kept_figure,
    kept_figures,
    language,
    listings,
    manage,
    open_figures,
    outbox,
    overdue,
    own_address,
    own_drafts,
    policy,
    portal,
    posters,
    printed,
    public_names,
    receipt,
    search,
    services,
    sign_in,
    stand_ins,
    stencil_use,
    stencils,
    tables,
    tokens,
    visit,
    waiting,
    webhooks,
    words,
)
from core.web.kept_pages import KeptPages
from core.web.routes import LateRule

BUNDLED = Path(__file__).parents[2] / "plugins"
LARGEST_REQUEST = 12 * 1024 * 1024
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_PAGES = (
    assets,
    sign_in,
    receipt,
    desk,
    bulk,
    stand_ins,
    finished,
    search,
    overdue,
    policy,
    outbox,
    calendar,
    services,
    manage,
    webhooks,
    tokens,
    case_pages,
    case_acts,
    printed,
    agenda,
    portal,
    choosing,
    open_figures,
    listings,
    posters,
    circulated,
    figures,
    kept_figures,
    kept_figure,
    waiting,
    imports,
    stencils,
    stencil_use,
    editing,
    filing,
    json_api,
)


def create_app(
    ports: Ports,
    found: Iterable[Path | Bundle] = (BUNDLED,),
    *,
    demo: bool = False,
    without: Collection[str] = (),
    config: dict[str, Any] | None = None,
) -> Flask:
    """Return the application; the running core is `app.extensions["kehou"]`.

    `found` is where its plugins are: folders of them, and bundles found otherwise; those named in
    `without` are left out.
    """
    app = Flask(
        "kehou", template_folder=str(Path(__file__).parent / "templates"), static_folder=None
    )
    app.url_rule_class = LateRule
    office = open_office(ports, found, demo=demo, without=without)
    app.extensions["kehou"] = office
    app.extensions["kehou_pages"] = KeptPages()
    app.config.update(
        SECRET_KEY=_secret(office),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="kehou_page",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        PERMANENT_SESSION_LIFETIME=timedelta(days=1),
        WTF_CSRF_TIME_LIMIT=None,
        SUBMISSIONS_AN_HOUR=300,
        LOOKUPS_AN_HOUR=30,
        CALLS_AN_HOUR=3600,
        ADDRESS="",
        SEARCHES_AN_HOUR=120,
    )
    app.session_interface = PageSessions()
    app.config.update(config or {})
    own_address.init_app(app)
    errors.init_app(app)
    CSRFProtect(app).exempt(json_api.bp)
    visit.init_app(app)
    public_names.init_app(app, office.vault)
    own_drafts.init_app(app)
    tables.init_app(app)
    _templates(app, office)
    for pages in _PAGES:
        app.register_blueprint(pages.bp)
    _mount_plugins(app, office)
    app.after_request(_finish)
    app.after_request(language.remember_look)
    return app


class PageSessions(SecureCookieSessionInterface):
    """Page cookies travel over TLS only, wherever the page itself does."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 — the request decides
        """Return whether this request came over TLS."""
        return request.is_secure


def _secret(office: Office) -> str:
    """Return the key that signs cookies, made once and kept wrapped in the store."""
    return base64.b64encode(office.vault.derived(EVERYWHERE, "cookies")).decode()


def _templates(app: Flask, office: Office) -> None:
    plugins = office.catalogue.plugins.values()
    own = {each.id: FileSystemLoader(each.folder / "templates") for each in plugins if each.folder}
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        language.translate, language.translate_many, newstyle=True
    )
    folder = FileSystemLoader(str(Path(__file__).parent / "templates"))
    app.jinja_loader = ChoiceLoader([folder, PrefixLoader(own)])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    words.init_app(app)
    app.jinja_env.filters["ballot"] = handling.ballot_words
    app.jinja_env.globals.update(
        asset_url=assets.asset_url,
        visit=visit.visit,
        manages=access.manages,
        at_foot=portal.at_foot,
        at_foot_below=choosing.at_foot_below,
        back_here=portal.back_here,
        demo=office.demo,
    )


def _mount_plugins(app: Flask, office: Office) -> None:
    mounted: dict[str, str] = {}
    for plugin, blueprints in list(office.catalogue.register("register_blueprints")):
        try:
            for blueprint in blueprints:
                app.register_blueprint(blueprint, url_prefix=f"/<place>/{plugin}")
                mounted[blueprint.name] = plugin
        except Exception as error:  # noqa: BLE001 — a plugin may return anything
            office.catalogue.quarantine(plugin, f"register_blueprints: {error!r}")
    app.before_request(portal.gate(mounted))


def _finish(answer: Response) -> Response:
    for name, value in _HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Cache-Control", "no-store")
    return answer
