"""A form on its way: the paper in front of the visitor, and the draft behind it.

Every page is the answer to a GET, so that the browser's Back works: what is posted is saved in the
draft, and the browser sent on to the page to show next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from flask import abort, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from core.case_items import Case
from core.drafts import Draft, DraftMoved, DraftTooLarge
from core.limits import TooOften
from core.moments import moment_of, spoken_time
from core.store import Busy, Conflict, Write
from core.web.language import in_words, language, translate
from core.web.narrowing import is_look
from core.web.own_drafts import own_drafts
from core.web.paper import Paper
from core.web.visit import count_try, office, visit
from core.web.words import answer_words
from forms.problems import Problem
from forms.surroundings import Surroundings

HAND_IN = "hand_in"
"""What the button sends that hands in the whole from any page."""
_REFUSED = "refused_files"
_UNFIT = 422


@dataclass
class Filling:
    """The paper, the draft it is saved in, and the address of its pages.

    `listed`: whether the draft is a piece of work of its own, not the mending of a case.
    """

    paper: Paper
    draft: Draft
    url: str
    listed: bool = True

    @property
    def ending(self) -> tuple[Write, ...]:
        """What ends the draft in the commit that takes the form in."""
        return (office().drafts.handed_in(self.draft),) if self.draft.v else ()

    def taken(self, hand_in: Callable[[tuple[Write, ...]], Case]) -> Case:
        """Hand the form in with the end of its draft; raise DraftMoved where that is thrown away.

        What was saved as it was typed while it was on its way ends with it.
        """
        while True:
            try:
                return hand_in(self.ending)
            except Conflict as conflict:
                stands = office().drafts.get(self.draft.id, self.draft.editor)
                if stands is None:
                    raise DraftMoved(self.draft) from conflict
                self.draft = stands

    def save(self) -> None:
        """Save what the page brought; raise DraftMoved, Busy or TooOften."""
        paper, own = self.paper, own_drafts()
        if not self.draft.v and visit().person is None:
            count_try("draft")
        person = visit().person
        draft = replace(
            self.draft,
            form=paper.form.hash,
            page=paper.index,
            answers={name: each for name, each in paper.answers.items() if each is not None},
            reason=paper.reason,
            holder=person.holder if person and self.listed else self.draft.holder,
            browser=own.browser,
            files=tuple(dict.fromkeys([*self.draft.files, *paper.stored])),
        )
        try:
            self.draft = office().drafts.save(draft)
        except DraftTooLarge:
            abort(413)
        if person is None:
            own.remember(self.draft)

    def elsewhere(self) -> list[Problem]:
        """Return what the page says otherwise than another device saved since it was made."""
        seen = request.form.get("draft", self.draft.v, int)
        if seen == self.draft.v or self.draft.browser == own_drafts().browser:
            return []
        paper, stands = self.paper, self.draft.answers or {}
        differ = [
            spec
            for spec in paper.page.fields
            if stands.get(spec.name) not in (None, paper.answers.get(spec.name))
        ]
        text = translate(
            "这一项在另一台设备上填的是“%s”。要用这里的，直接继续；要用那边的，请改过来"
        )
        said = {spec.name: answer_words(spec, stands[spec.name], paper.around) for spec in differ}
        return [Problem("elsewhere", text % words, name) for name, words in said.items()]

    def onward(self, check: str = "") -> ResponseReturnValue:
        """Save, and send the browser to the page in front; `check` tells which problems to show."""
        try:
            self.save()
        except DraftMoved as moved:
            self.draft = moved.draft
            self._stay()
            return self.shown(self.elsewhere() or [moved_on()], 409)
        except (Busy, TooOften):
            self._stay()
            return self.busy()
        refused = [one for one in self.paper.problems if one.code.startswith("file_")]
        if refused:
            session[_REFUSED] = [[one.code, one.message, one.field] for one in refused]
        page = {"page": self.paper.index, **({"check": check} if check else {})}
        return redirect(f"{self.url}?{_query(page)}{self._anchor()}", 303)

    def _anchor(self) -> str:
        """Return where on the page a row's or a file's button leads: to a new row, or its group."""
        verb, _, row = request.form.get("action", "").partition(":")
        if verb not in ("add", "remove", "up", "down", "drop", "look"):
            return ""
        name = row.partition(".")[0]
        rows = self.paper.answers.get(name)
        added = rows if verb == "add" and isinstance(rows, list) else []
        return f"#f-{name}.{len(added) - 1}" if added else f"#f-{name}"

    def kept(self) -> ResponseReturnValue:
        """Save as somebody types, and say when; the page stays."""
        try:
            self.save()
        except (DraftMoved, Busy, TooOften):
            return jsonify({"saved": ""}), 409
        saved = spoken_time(moment_of(self.draft.saved), language())
        url = f"{self.url}?{_query({'page': self.paper.index})}"
        return jsonify({"saved": saved, "draft": self.draft.v, "url": url})

    def opened(self, check: str) -> ResponseReturnValue:
        """Show the page asked for, with the problems it is to show."""
        paper = self.paper
        for code, message, field in session.pop(_REFUSED, ()):
            paper.problems.append(Problem(code, message, field))
        if check == "page":
            paper.check()
        elif check == "look":
            paper.check_choices()
        elif check == "all":
            paper.check_all()
        return self.shown((), 200)

    def shown(
        self, problems: Sequence[Problem], status: int, **headers: str
    ) -> ResponseReturnValue:
        """Return the page in front with these further problems."""
        paper = self.paper
        paper.problems += problems
        paper.saved = self.draft.saved
        paper.hidden = {**paper.hidden, "form": paper.form.hash, "draft": str(self.draft.v)}
        page = render_template("form_page.html", paper=paper, place=visit().place, filling=self)
        return page, status, headers

    def refused(self, problems: Sequence[Problem]) -> ResponseReturnValue:
        """Return the page that has to be mended, with why the form was not taken in."""
        posted = self.paper.index
        self.paper.turn_to(problems)
        if self.paper.index != posted:
            try:
                self.save()
            except (DraftMoved, Busy, TooOften):
                self._stay()
        return self.shown(in_words(problems), _UNFIT)

    def busy(self) -> ResponseReturnValue:
        """Ask to come again; everything stays in the page."""
        message = translate("现在办理的人多，您填的内容都在，请过一会儿再点一次提交")
        return self.shown([Problem("busy", message)], 429, **{"Retry-After": "5"})

    def _stay(self) -> None:
        """Put the page in front that was posted: nothing else holds what it says."""
        self.paper.open(request.form.get("page", 0, int) or 0)

    def failed(self) -> ResponseReturnValue:
        """Say that the service's own part failed; everything stays in the page."""
        return self.shown([Problem("plugin_failed", failed_words())], 503)


def failed_words() -> str:
    """Return what people read where a plugin's Python failed."""
    return translate("这项服务出了故障，没有办成。您填的内容都在，请稍后再试，或联系县教育局")


def turned(paper: Paper) -> str:
    """Turn the page where that was asked for; return which problems the next page is to show."""
    action = request.form.get("action", "next")
    if is_look(action):
        return "look"
    if action == "back":
        paper.turn(-1)
    elif action in ("next", "submit"):
        if not paper.check():
            return "page"
        paper.turn(1)
    return ""


def wants_in(paper: Paper) -> bool:
    """Tell whether the form is to be handed in now."""
    action = request.form.get("action", "next")
    return (action in ("next", "submit") and paper.last) or (
        action == HAND_IN and bool(paper.hand_in)
    )


def around_here() -> Surroundings:
    """Return what rules may look at in this visit."""
    return office().around(language(), visit().place, visit().person)


def settled(filling: Filling) -> ResponseReturnValue | None:
    """Do what a page asks for short of handing in; None where the form is to be handed in."""
    elsewhere = filling.elsewhere()
    if request.form.get("action") == "save":
        return ("", 409) if elsewhere else filling.kept()
    if elsewhere:
        return filling.shown(elsewhere, 409)
    return None if wants_in(filling.paper) else filling.onward(turned(filling.paper))


def draft_url(draft: Draft) -> str:
    """Return the address of a draft's pages."""
    return url_for("filing.draft", place=draft.place, plugin=draft.plugin, case_id=draft.id)


def tell_next(problem: Problem) -> None:
    """Have the next page of a form that this browser opens say this."""
    session[_REFUSED] = [[problem.code, problem.message, problem.field]]


def moved_on() -> Problem:
    """Return what is said of a draft that was saved meanwhile."""
    return Problem("elsewhere", translate("这份表刚刚在别处保存过，请再点一次"))


def _query(values: dict[str, object]) -> str:
    return "&".join(f"{name}={value}" for name, value in values.items())
