"""What `kehou definitions` does: list what is in force, publish, change, withdraw, move cases."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from core.bundles import bundle_at
from core.copies import Changes
from core.definitions import bundle_hash
from core.office import Office
from core.places import Place
from core.proposals import Proposal
from forms.copies import load_copy
from forms.problems import DefinitionError
from forms.source import read_yaml

_SHORT = 12


def listed(office: Office, place: Place) -> Iterator[str]:
    """Say what a place offers: each service, whose version it is, and what is in conflict."""
    for service in office.offers.known_at([place]):
        bundle = place.definitions.get(service.id)
        whose = "installed"
        if bundle:
            whose = "changed here or above" if service.bundle.folder else "published"
        name = (bundle or bundle_hash(service))[:_SHORT]
        yield f"{service.id}  {service.manifest.name.zh}  {name}  {whose}"
        for conflict in office.copies.of(place.slug, service.id)[1]:
            yield f"  conflict: {conflict.zh} / {conflict.get('en')}"


def published(office: Office, place: Place, folder: Path, by: str | None) -> Proposal:
    """Compare a service of the place's own, and put it in force unless `by` is None."""
    proposal = office.publishing.propose(place, bundle_at(folder))
    if by is not None:
        office.publishing.put_in_force(proposal, by)
    return proposal


def changed(
    office: Office, place: Place, plugin: str, files: Iterable[Path], by: str | None
) -> Proposal:
    """Compare a place's changes to a service, and put them in force unless `by` is None."""
    changes = read_changes(files)
    proposal = office.copies.propose(place, plugin, changes)
    if by is not None:
        office.copies.publish(proposal, changes, by)
    return proposal


def read_changes(files: Iterable[Path]) -> Changes:
    """Read files of changes by the form each is about; raise DefinitionError."""
    changes = {}
    for path in files:
        source = read_yaml(path.read_bytes(), str(path))
        form = load_copy(source)["of"]
        if form in changes:
            raise DefinitionError([source.flaw(f"“{form}” is changed in another file too", "of")])
        changes[form] = source
    return changes


def proposal_lines(proposal: Proposal) -> Iterator[str]:
    """Say a proposal: what would change, whom it touches, and how it weighs."""
    for each in proposal.changes:
        note = "" if each.weight == "compatible" else f"  [{each.weight}]"
        yield f"  {each.words.zh} / {each.words.get('en')}{note}"
    for state, number in sorted(proposal.open_cases.items()):
        yield f"  {number} open in {state}: they keep what they were accepted under"
    yield f"{proposal.service.id} at {proposal.place}: {proposal.verdict}"


def moved(
    office: Office, place: Place, plugin: str, tell: Callable[[int], object]
) -> Iterator[str]:
    """Move open cases to what is in force, and say what became of them."""
    done = office.conversion.convert(place, plugin, tell)
    for each in done.stayed:
        because = (
            "; ".join(one.words.get("en") for one in each.because) or "it changes all the time"
        )
        yield f"  {each.case} stays: {because}"
    yield f"{done.moved} moved, {len(done.stayed)} stay"
