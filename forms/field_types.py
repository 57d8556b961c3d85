"""The field types that come with the engine. Plugins' types are put beside them by the caller."""

from collections.abc import Mapping

from forms import (
    attached_types,
    chosen_types,
    clock_types,
    identity_types,
    row_types,
    text_types,
    value_types,
)
from forms.fields import FieldType

TYPES: Mapping[str, FieldType] = {
    each.name: each
    for module in (
        text_types,
        value_types,
        clock_types,
        identity_types,
        chosen_types,
        attached_types,
        row_types,
    )
    for each in module.TYPES
}
