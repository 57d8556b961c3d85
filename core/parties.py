"""The places a case concerns: where it was filed, and the parties that its answers name.

A workflow's `parties` are fields that name places: a school's visit concerns the venue too, which
may lie in another district. Officers of every place in a case's reach have to do with it; none of
them is ever outside the county.
"""

from collections.abc import Mapping
from typing import Any

from core.places import Place, Places, UnknownPlace
from forms.messages import problem
from workflows.case import Refused
from workflows.definition import Workflow
from workflows.engine import chosen


def reach_of(
    workflow: Workflow, data: Mapping[str, Any], place: Place, places: Places
) -> list[str]:
    """Return the slugs of the place of filing and of all parties, each with those above it.

    Raises Refused for a party that is no place of the county.
    """
    reach = [*place.path]
    for name in workflow.parties:
        slug = chosen(data.get(name))
        if slug:
            found = in_county(slug, place, places)
            if found is None:
                raise Refused(problem("choice_unknown", "zh"))
            reach += [each for each in found.path if each not in reach]
    return reach


def in_county(slug: str, place: Place, places: Places) -> Place | None:
    """Return the place `slug` where it lies in the county of `place`, else None."""
    try:
        found = places.get(slug)
    except UnknownPlace:
        return None
    return found if found.county == place.county else None


def line_up(slug: str, place: Place, places: Places) -> list[str]:
    """Return the places from `slug`, anywhere in the county of `place`, up to the top.

    A slug from elsewhere stands for `place` itself.
    """
    line = [*reversed(line_to(slug, place)), *reversed(place.path)]
    if slug in line:
        return line[line.index(slug) :]
    found = in_county(slug, place, places)
    return [*reversed((found or place).path)]


def line_to(slug: str, place: Place) -> list[str]:
    """Return the places beneath `place` down to `slug`, read off the context of `place`."""
    parents = {each.slug: each.parent for each in place.below}
    line: list[str] = []
    while slug in parents:
        line.insert(0, slug)
        slug = parents[slug]
    return line
