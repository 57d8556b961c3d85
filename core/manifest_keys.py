"""The keys of `plugin.yaml`: their shape, and a line about each for the reference."""

from collections.abc import Iterator, Mapping

from forms.problems import Flaw
from forms.shape import (
    Node,
    Shape,
    flag,
    identifier,
    listed,
    mapped,
    one_of,
    record,
    text,
    whole,
    words,
)

API = 1


def _name_or_names(node: Node) -> Iterator[Flaw]:
    return (listed(identifier(), least=1) if isinstance(node.value, list) else identifier())(node)


_name, _value_text = identifier(), text(most=100)


def _name_or_none(node: Node) -> Iterator[Flaw]:
    return iter(()) if node.value is None else _name(node)


def _value(node: Node) -> Iterator[Flaw]:
    return iter(()) if node.value is None else _value_text(node)


KEYS: Mapping[str, Shape] = {
    "id": identifier(),
    "api": whole(1, API),
    "name": words(40),
    "summary": words(120),
    "action": words(40),
    "languages": listed(one_of("zh", "en"), least=1),
    "forms": listed(identifier()),
    "workflows": listed(identifier(), least=1),
    "settings": identifier(),
    "roles": listed(
        record({"id": identifier(), "name": words(40), "at": identifier()}, ["id", "at"])
    ),
    "menu": listed(
        record(
            {
                "path": identifier(),
                "label": words(40),
                "officers": flag(),
                "roles": listed(identifier(), least=1),
            },
            ["path", "label"],
        )
    ),
    "desk": record({"who": _name_or_names, "gist": listed(identifier())}, ["who"]),
    "personal_data": listed(identifier()),
    "hooks": listed(identifier()),
    "listens": listed(identifier()),
    "lookups": listed(
        record(
            {"name": identifier(), "label": words(40), "roles": listed(identifier(), least=1)},
            ["name", "label"],
        )
    ),
    "listing": record(
        {
            "workflow": identifier(),
            "label": words(40),
            "title": identifier(),
            "gist": listed(identifier()),
            "by": listed(identifier()),
            "across": one_of("county"),
            "versions": identifier(),
            "front": whole(1, 10),
        },
        ["label", "title"],
    ),
    "audiences": listed(
        record(
            {
                "id": identifier(),
                "label": words(40),
                "workflow": identifier(),
                "states": listed(identifier(), least=1),
                "by": identifier(),
            },
            ["id", "label", "states"],
        )
    ),
    "requires": listed(identifier()),
    "at_foot": flag(),
    "mapping": record(
        {
            "forms": mapped(
                record({"fields": mapped(_name_or_none), "values": mapped(mapped(_value, _value))})
            ),
            "states": mapped(mapped(identifier())),
        }
    ),
}
MANIFEST = record(KEYS, ["id", "api", "name", "summary", "workflows"])
ABOUT: Mapping[str, str] = {
    "id": "the folder's name; never changes",
    "api": "the version of this interface: 1",
    "name": "what the service is called",
    "summary": "one line about it",
    "action": "what the portal offers: “我想当志愿者”; the name without it",
    "languages": "`[zh, en]` where every text is in both, which `kehou check` then holds it to;"
    " `[zh]` without it",
    "forms": "the files in that folder",
    "workflows": "the files in that folder; the public begins cases in the first, officers in"
    " those whose `submit` is `by` their role",
    "settings": "the form that its settings per place are edited with",
    "roles": "the roles its workflow asks for: `id`, `name`, and `at`, the kind of place they are"
    " held at",
    "menu": "pages of its own: `path`, `label`, and `officers` where only they are shown the link,"
    " `roles` where only officers in these are; two paths are the core's pages: `agenda`, of what"
    " `provide_agenda` tells, an entry with `roles` for each kind of place that has one, and"
    " `figures`, of what `provide_figures` returns, which only these roles may open, here or above",
    "desk": "what an officer's row shows: `who`, a field (of several the first answered), and"
    " `gist`, a list of fields",
    "personal_data": "the fields with a `privacy` class, all of them and no others",
    "hooks": "the hooks its Python implements, all of them and no others",
    "listens": "plugins whose cases it is asked and told about where it is open too; it sees no"
    " personal answers of theirs",
    "lookups": "choices it offers to every form and plugin: `name`, `label`, and `roles` where only"
    " their holders may ask; asked as `id.name`",
    "listing": "a list for everybody of the cases in `public` states: `label`, `workflow` (without"
    " it the first), and fields that are `public`: `title`, what an entry is called, `gist`, what"
    " stands beneath, `by`, those with choices that narrow the list; an officer's form may hold"
    " them too. With `across: county` every place of the county lists all of it. Entries with the"
    " same answer to the field `versions` are versions of one thing: the list shows the one in"
    " force, its page all; the latest `front` of a place and above stand on its portal",
    "at_foot": "true: what the portal calls it stands at the foot of every page of a place where it"
    " is in force, as where people complain does; a county or city without it leads to the"
    " districts that have it",
    "audiences": "people whom officers may write to, in services that circulate something: `id`,"
    " `label`, and whose cases are meant, by `states` of a `workflow` (without it the first); `by`"
    " names a field of its form with choices, each of which is then an audience of its own",
    "requires": "plugins that must be installed and sound, else this one is set aside; whether they"
    " are open at a place is another matter",
    "mapping": "where what an earlier version asked has gone: `forms` by id, each with `fields`"
    " (old name: new name, or null) and `values` (field: old choice: new choice, or null); `states`"
    " by workflow (old state: new state)",
}
