"""The one consistency checker: `kehou check`.

What loading finds (shapes, cross-references within a plugin, unreachable states) comes first; then,
of every plugin that loads, what only shows when all of it is seen together, and all of them.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from core.bundles import MANIFEST, Bundle, bundle_at
from core.commands import untranslated, unused
from core.commands.walk import walked
from core.listings import public_fields
from core.lookups import known_lookups
from core.manifest import AGENDA, FIGURES
from core.plugins import Catalogue, Plugin
from core.policy import Policy
from forms.definition import Form
from forms.fields import Field
from forms.problems import Flaw, Position, nearest
from forms.source import Source
from forms.trial import run_tests

_CARRIED = frozenset({"action", "case", "csrf_token", "draft", "form", "page", "reason", "seen"})


def check(found: Iterable[Path | Bundle]) -> list[Flaw]:
    """Return every flaw of every plugin found, forms' own tests included.

    A path is a folder with plugins in it, or the folder of one plugin.
    """
    places = [_one_or_many(each) for each in found]
    catalogue, policy = Catalogue.load(places), Policy.bundled()
    flaws = [*catalogue.flaws, *map(_no_plugins, filter(_is_bare, places))]
    for plugin in catalogue.plugins.values():
        flaws += _of_plugin(plugin, catalogue, policy)
    return list(dict.fromkeys(flaws))


def _one_or_many(found: Path | Bundle) -> Path | Bundle:
    is_one = isinstance(found, Path) and (found / MANIFEST).exists()
    return bundle_at(found) if is_one and isinstance(found, Path) else found


def _is_bare(found: Path | Bundle) -> bool:
    return isinstance(found, Path) and not any(found.glob(f"*/{MANIFEST}"))


def _no_plugins(found: Path | Bundle) -> Flaw:
    return Flaw(Position(str(found)), "no folder with plugins in it")


def _of_plugin(plugin: Plugin, catalogue: Catalogue, policy: Policy) -> Iterator[Flaw]:
    for source in plugin.bundle.forms:
        form = plugin.forms[source.data["id"]]
        yield from run_tests(form, source)
        yield from _unknown_clauses(form, source, policy)
        yield from _unknown_lookups(form, source, catalogue)
        yield from _on_the_page(form, source)
        yield from _unknown_readers(form, source, plugin)
    yield from _unknown_desk(plugin)
    yield from _unlistable(plugin)
    yield from _hooks(plugin, catalogue.hooks_of(plugin.id))
    yield from _personal_data(plugin)
    yield from _neighbours(plugin, catalogue)
    yield from unused.flaws(plugin)
    if "en" in plugin.manifest.languages:
        yield from untranslated.flaws(plugin)


def _unknown_clauses(form: Form, source: Source, policy: Policy) -> Iterator[Flaw]:
    cited = [(spec.basis, spec.name) for spec in _every_field(form)]
    checks = [each for page in form.pages for each in page.checks]
    checks += [each for spec in form.fields.values() if spec.rows for each in spec.rows.checks]
    cited += [(each.basis, each.field or "") for each in checks]
    for basis, where in cited:
        if basis and basis not in policy:
            message = f"“{basis}” (cited at {where or 'a check'}) is no clause we know"
            yield Flaw(_where(source, "basis", basis), message)


def _unknown_lookups(form: Form, source: Source, catalogue: Catalogue) -> Iterator[Flaw]:
    known = known_lookups(catalogue)
    for asked in dict.fromkeys(spec.choices_from for spec in _every_field(form)):
        if asked and asked not in known:
            message = f"no service offers the lookup “{asked}”"
            yield Flaw(_where(source, "choices_from", asked), message, nearest(asked, known))


def _on_the_page(form: Form, source: Source) -> Iterator[Flaw]:
    """Yield fields that are named like something that every page of a form carries itself."""
    for name in form.fields:
        if name in _CARRIED:
            message = f"every page carries a “{name}” of its own: call the field otherwise"
            yield Flaw(_where(source, "name", name), message)


def _unknown_readers(form: Form, source: Source, plugin: Plugin) -> Iterator[Flaw]:
    known = [each.id for each in plugin.manifest.roles]
    for spec in form.fields.values():
        for role in sorted(spec.readers - {*known}):
            message = f"“{role}”, who is to read “{spec.name}”, is no role of this service"
            yield Flaw(_where(source, "name", spec.name), message, nearest(role, known))


def _unknown_desk(plugin: Plugin) -> Iterator[Flaw]:
    manifest, begun = plugin.manifest, [plugin.forms[each.form] for each in plugin.begun]
    known = [name for form in begun for name in form.fields]
    for name in (*manifest.who, *manifest.gist):
        if name not in known:
            forms = " or ".join(form.id for form in begun)
            message = f"the form {forms} has no field “{name}”"
            yield manifest.source.flaw(message, "desk", meant=nearest(name, known))


def _unlistable(plugin: Plugin) -> Iterator[Flaw]:
    """Yield what a public list names that is not there, not public, or nothing to choose by."""
    manifest, told = plugin.manifest, plugin.manifest.listing
    if told is None:
        return
    if told.workflow not in plugin.workflows:
        meant = nearest(told.workflow, list(plugin.workflows))
        yield manifest.source.flaw(
            f"there is no workflow “{told.workflow}”", "listing", meant=meant
        )
        return
    workflow = plugin.workflows[told.workflow]
    fields = public_fields(workflow)
    for name in filter(None, dict.fromkeys((told.title, *told.gist, *told.by, told.versions))):
        if name not in fields:
            message = f"the form {workflow.form} has no public field “{name}”"
            yield manifest.source.flaw(message, "listing", meant=nearest(name, [*fields]))
        elif name in told.by and fields[name].type.name not in ("choice", "choices"):
            yield manifest.source.flaw(f"“{name}” has no choices to narrow by", "listing")
    if not any(state.public for state in workflow.states.values()):
        yield manifest.source.flaw(f"no state of {workflow.id} is public", "listing")


def _hooks(plugin: Plugin, actual: list[str]) -> Iterator[Flaw]:
    manifest = plugin.manifest
    yield from _both_ways(plugin, "hooks", manifest.hooks, set(actual), "implemented")
    if bool(manifest.lookups) != ("provide_choices" in actual):
        message = "lookups are answered by provide_choices: neither stands without the other"
        yield manifest.source.flaw(message, "lookups")
    own = [each for each in manifest.menu if each.path not in (AGENDA, FIGURES)]
    if own and "register_blueprints" not in actual:
        yield manifest.source.flaw("a menu needs pages of the plugin's own", "menu")
    for path, hook in ((AGENDA, "provide_agenda"), (FIGURES, "provide_figures")):
        told = [each for each in manifest.menu if each.path == path]
        if bool(told) != (hook in actual):
            message = f"the menu's “{path}” shows {hook}: neither stands without the other"
            yield manifest.source.flaw(message, "menu")
        if not all(each.roles for each in told):
            yield manifest.source.flaw(f"“{path}” is for the officers of its `roles`", "menu")


def _personal_data(plugin: Plugin) -> Iterator[Flaw]:
    actual = {
        spec.name
        for form in plugin.forms.values()
        for spec in form.fields.values()
        if spec.is_personal
    }
    declared = plugin.manifest.personal_data
    yield from _both_ways(plugin, "personal_data", declared, actual, "given a privacy class")


def _both_ways(
    plugin: Plugin, key: str, declared: Iterable[str], actual: set[str], how: str
) -> Iterator[Flaw]:
    source, declared = plugin.manifest.source, set(declared)
    for name in sorted(declared - actual):
        meant = nearest(name, sorted(actual - declared))
        yield source.flaw(f"“{name}” is declared here and nowhere {how}", key, meant=meant)
    for name in sorted(actual - declared):
        yield source.flaw(f"“{name}” is {how} and not declared under {key}", key)


def _neighbours(plugin: Plugin, catalogue: Catalogue) -> Iterator[Flaw]:
    known = [*catalogue.plugins, *catalogue.broken]
    for name in sorted(plugin.manifest.listens):
        if name not in known:
            meant = nearest(name, known)
            message = f"there is no plugin “{name}” to listen to"
            yield plugin.manifest.source.flaw(message, "listens", meant=meant)


def _every_field(form: Form) -> Iterator[Field]:
    for spec in form.fields.values():
        yield spec
        yield from spec.rows.fields.values() if spec.rows else ()


def _where(source: Source, key: str, value: str) -> Position:
    """Return where `key` first has this value; the head of the file where that is not found."""
    for path, found in walked(source.data):
        if path and path[-1] == key and found == value:
            return source.at(*path)
    return source.at()
