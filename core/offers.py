"""Which version of a service a place offers: the installed one, or what a level published.

A level may publish a service of its own (definitions only), or lay changes over an installed one;
the bundle then in force stands in the place's context. Python always is the installed plugin's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from core.definitions import Definitions
from core.places import Place
from core.plugins import Catalogue, Plugin


@dataclass(frozen=True, slots=True)
class Offers:
    """Finds services by place."""

    catalogue: Catalogue
    definitions: Definitions

    def at(self, place: Place, plugin: str) -> Plugin | None:
        """Return the service as `place` offers it, switched on or not.

        None where there is none of this id, or its plugin does not run here.
        """
        installed = self.catalogue.plugins.get(plugin)
        bundle = place.definitions.get(plugin)
        if bundle is None:
            return installed
        own = self.definitions.service(bundle)
        if not own.bundle.over:
            return own
        if installed is None:
            return None
        return replace(own, bundle=installed.bundle, python=installed.python)

    def open_at(self, place: Place) -> list[Plugin]:
        """Return the services in force at a place."""
        found = (self.at(place, name) for name in sorted(place.services))
        return [each for each in found if each is not None]

    def known_at(self, places: Iterable[Place]) -> list[Plugin]:
        """Return every service that one of these places could switch on, one of each id."""
        known = dict(self.catalogue.plugins)
        for place in places:
            for name in place.definitions:
                service = self.at(place, name)
                if service is not None:
                    known.setdefault(name, service)
        return [known[name] for name in sorted(known)]

    def has_no_python(self, place: Place, plugin: str) -> bool:
        """Tell whether a service lives in the store alone, so that no hook can be missing."""
        bundle = place.definitions.get(plugin)
        return bool(bundle) and not self.definitions.service(str(bundle)).bundle.over
