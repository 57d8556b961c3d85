"""The one graph of a form: what must be known before what."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

Graph = Mapping[str, frozenset[str]]


def evaluation_order(graph: Graph) -> tuple[list[str], list[list[str]]]:
    """Return the names in an order in which each comes after what it reads, and the cycles.

    `graph` maps a name to the names it reads. A cycle is a list that ends where it began; with
    cycles, the order leaves out one name of each.
    """
    rest = dict(graph)
    cycles: list[list[str]] = []
    while True:
        try:
            sorter = TopologicalSorter({name: sorted(reads) for name, reads in rest.items()})
            return [one for one in sorter.static_order() if one in graph], cycles
        except CycleError as error:
            cycle = error.args[1][::-1]
            cycles.append(cycle)
            rest.pop(cycle[0])
            rest = {name: reads - {cycle[0]} for name, reads in rest.items()}


def all_following(graph: Graph, names: frozenset[str]) -> frozenset[str]:
    """Return `names` and all that reads them, near and far: what may change where they do."""
    found, before = set(names), 0
    while before < len(found):
        before = len(found)
        found |= {name for name, reads in graph.items() if reads & found}
    return frozenset(found)


def all_read(graph: Graph, names: frozenset[str]) -> frozenset[str]:
    """Return `names` and all that they read, near and far."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph.get(name, ())
    return frozenset(found)
