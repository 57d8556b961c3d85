"""Rules and templates that call a case by its public name (`core.public_names`).

A rule with `<public:case_id>` shows that name and hands the number itself to the page; a template
writes it where an address carries a case as an answer: `session=row.listed.case|public_name`.
"""

from flask import Flask
from werkzeug.routing import BaseConverter, Map, ValidationError

from core.privacy import Vault
from core.public_names import PublicNames


def init_app(app: Flask, vault: Vault) -> None:
    """Let rules say `<public:case_id>`, and templates `|public_name`."""
    names = PublicNames(vault)

    class Public(BaseConverter):
        regex = "[a-z2-7]{20,80}"

        def __init__(self, url_map: Map) -> None:
            super().__init__(url_map)

        def to_python(self, value: str) -> str:
            try:
                return names.opened(value)
            except ValueError:
                raise ValidationError from None

        def to_url(self, value: str) -> str:
            return names.of(value)

    app.url_map.converters["public"] = Public
    app.jinja_env.filters["public_name"] = names.of
