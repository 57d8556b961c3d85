"""Composes Kehou on AWS. Importing this module makes the application, once for each process.

Settings, from the function's environment: those of infra.aws.ports, and `KEHOU_DEMO` (1 for the
sample county's sign-in page).
"""

import logging
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Flask

from core.bundles import Bundle
from core.frozen import CATALOGUE, thaw
from core.web.app import BUNDLED, create_app
from infra.aws.handler import make_handler
from infra.aws.ports import aws_ports
from infra.omissions import left_out


def aws_app(settings: Mapping[str, str]) -> Flask:
    """Return the application, its definitions published."""
    app = create_app(
        aws_ports(settings),
        deployed_plugins(),
        demo=settings.get("KEHOU_DEMO") == "1",
        without=left_out(settings),
        config={"ADDRESS": settings.get("KEHOU_ADDRESS", "")},
    )
    app.extensions["kehou"].publish()
    return app


def deployed_plugins() -> list[Path | Bundle]:
    """Return the plugins as the deployment has compiled them, or as they lie here."""
    compiled = BUNDLED / CATALOGUE
    return [*thaw(compiled)] if compiled.exists() else [BUNDLED]


def _tick() -> dict[str, Any]:
    office = app.extensions["kehou"]
    done = office.ticks.tick()
    if done is None:
        return {"busy": True}
    office.ticks.release()
    return asdict(done)


logging.getLogger().setLevel(logging.INFO)
app = aws_app(os.environ)
lambda_handler = make_handler(app, _tick)
