"""The report on an import: every row with what would become of it, or has become."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from core.case_items import Case, case_key
from core.imports.import_data import Held, Import, Judged, Outcome
from core.plugins import Plugin
from core.privacy import mask
from core.web.access import is_officer_of
from core.web.import_words import wrong_words
from core.web.language import translate
from core.web.visit import office
from forms.definition import Form
from workflows.definition import APPLICANT

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number, whom it is about (masked), how it stands, and why."""

    n: int
    who: str
    tone: str
    said: str
    why: tuple[str, ...]
    draft: str
    """The receipt number of the officer's own draft, "" for none."""
    case: str
    place: str = ""
    """Where that case was filed, "" for where the workbook was brought."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a page of the report shows. `left` rows are still to be entered or withdrawn."""

    lines: Sequence[Line]
    counts: Mapping[str, int]
    done: Mapping[str, int]
    left: int
    strange: Sequence[tuple[str, str]]
    is_over: bool
    page: int
    pages: int


def report_of(imported: Import, form: Form, service: Plugin) -> Report:
    """Return the report on an import, those rows first that have to be mended."""
    held, done = office().imports.held(imported), office().imports.outcomes(imported)
    rows = sorted(held.rows if held else (), key=lambda each: (not each.wrong, each.row.n))
    counts = Counter(each.state for each in rows)
    became = Counter(each.state for each in done.values())
    page, pages = request.args.get("page", 1, int), max(1, -(-len(rows) // _PAGE))
    page = min(max(page, 1), pages)
    shown = rows[(page - 1) * _PAGE : page * _PAGE]
    open_to = _open_to([each.case for each in shown if each.case])
    return Report(
        lines=[_line(each, done.get(each.row.n), form, service, open_to) for each in shown],
        counts=counts,
        done=became,
        left=_left(imported, held, done),
        strange=held.strange if held else (),
        is_over=held is None,
        page=page,
        pages=pages,
    )


def _left(imported: Import, held: Held | None, done: Mapping[int, Outcome]) -> int:
    if imported.stage == "withdrawn":
        return sum(each.state == "draft" for each in done.values())
    rows = held.rows if held and imported.stage == "confirmed" else ()
    return sum(each.state in ("ready", "part") and each.row.n not in done for each in rows)


def _open_to(cases: Sequence[str]) -> dict[str, str]:
    """Return where those of the cases that the visitor may see were filed: no other is led to."""
    found = office().ports.store.get(*map(case_key, cases)) if cases else []
    known = [Case(item, office().vault) for item in found if item]
    return {each.id: each.item["place"] for each in known if is_officer_of(each)}


def _line(
    judged: Judged,
    outcome: Outcome | None,
    form: Form,
    service: Plugin,
    open_to: Mapping[str, str],
) -> Line:
    own = APPLICANT not in service.workflow.starters
    why = [wrong_words(each, form) for each in judged.wrong]
    if outcome:
        tone, said = _became(outcome, own=own)
        why += [outcome.why] if outcome.why else []
    else:
        tone, said = _would(judged.state, own=own)
    draft = outcome.case if outcome and own and outcome.state == "draft" else ""
    case = outcome.case if outcome and outcome.state == "case" else ""
    case = judged.case if judged.case in open_to else case
    who, place = _who(judged, form, service), open_to.get(judged.case, "")
    return Line(judged.row.n, who, tone, said, tuple(why), draft, case, place)


def _who(judged: Judged, form: Form, service: Plugin) -> str:
    """Return whom a row is about, as a desk's row says it; digits are masked."""
    for name in service.manifest.who:
        said = judged.row.cells.get(name, "")
        if said and name in form.fields:
            return mask(said) if form.fields[name].type.name in ("phone", "cn_id") else said[:40]
    return ""


def _would(state: str, *, own: bool) -> tuple[str, str]:
    return {
        "ready": ("done", translate("可以直接提交") if own else translate("可以导入")),
        "part": ("done", translate("可以存成草稿，再补全") if own else translate("可以导入")),
        "wrong": ("bad", translate("要改")),
        "already": ("calm", translate("以前导入过，不会再导入")),
        "registered": ("calm", translate("这个人已登记过，这一行跳过，原来的登记照旧")),
    }[state]


def _became(outcome: Outcome, *, own: bool) -> tuple[str, str]:
    if outcome.state == "draft" and not own:
        return {
            "sent": ("done", translate("已导入，短信已发")),
            "waiting": ("wait", translate("已导入，正在发短信")),
            "parked": ("bad", translate("已导入，短信没有发出去，请打电话告诉本人")),
            "often": ("bad", translate("已导入，今天的短信发满了，请打电话告诉本人")),
            "dropped": ("done", translate("已导入，本人已看过")),
        }[outcome.told]
    if outcome.state == "withdrawn" and outcome.told.startswith("back"):
        return {
            "back": ("wait", translate("已撤回，正在发短信告诉本人")),
            "back_sent": ("calm", translate("已撤回，已发短信告诉本人")),
            "back_parked": ("bad", translate("已撤回，短信没有发出去，请打电话告诉本人")),
        }[outcome.told]
    return {
        "draft": ("done", translate("已存成您的草稿")),
        "case": ("done", translate("已提交")),
        "already": ("calm", translate("以前导入过，没有再导入")),
        "registered": ("calm", translate("这个人已登记过，这一行没有导入，原来的登记照旧")),
        "refused": ("bad", translate("没有导入")),
        "withdrawn": ("calm", translate("已撤回")),
        "kept": ("calm", translate("本人已经接手，没有撤回")),
    }[outcome.state]
