"""A form being filled in, page by page, with what the other pages hold carried in the page.

Nothing is kept on the server until the form is handed in, except files, which are stored at once
(encrypted, bound to the case id) and carried as signed tokens. So it works without JavaScript and
in several windows.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from core.uploads import NotAccepted
from core.web.language import translate
from core.web.visit import office
from core.web.words import words
from forms.browser import rules_for_browser
from forms.definition import Form
from forms.evaluation import Outcome, evaluate, evaluate_page, visible_pages
from forms.problems import Problem
from forms.surroundings import Surroundings
from forms.wtf import bind, raw_answers

_CARRIED = 400_000
_FILE = "file_"


@dataclass
class Paper:
    """The form, the answers so far, and the page in front of the person."""

    form: Form
    around: Surroundings
    case_id: str
    county: str
    title: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """What else the page carries: the signed case id, or the version seen."""
    notice: str = ""
    asked: str = ""
    """What the officer wrote who sent it back."""
    back: str = "/"
    index: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    marks: tuple[str, ...] = ()
    _evaluated: tuple[dict[str, Any], Outcome] | None = None

    @property
    def page(self) -> Any:
        """The definition of the page in front of the person."""
        return self.form.pages[self.index]

    @property
    def last(self) -> bool:
        """Whether no further page would be shown."""
        return self.index == visible_pages(self.form, self._outcome())[-1]

    @property
    def step(self) -> tuple[int, int]:
        """Which page this is, and of how many."""
        shown = visible_pages(self.form, self._outcome())
        return sum(1 for each in shown if each <= self.index), len(shown)

    def read(self) -> None:
        """Take in what the request carries and what this page's fields say."""
        self.index = min(max(request.form.get("page", 0, int) or 0, 0), len(self.form.pages) - 1)
        self.answers = self._taken(_carried())
        self.answers |= raw_answers(bind(self.form, self.index, self.around, request.form))
        for spec in self.page.fields:
            if spec.type.name == "file":
                self.answers[spec.name] = self._file(spec.name)
            elif spec.type.name == "signature":
                self.answers[spec.name] = self._signature(spec.name)

    def check(self) -> bool:
        """Note this page's problems; True where nothing stands against going on."""
        self._note(evaluate_page(self.form, self.index, self.answers, self.around).problems)
        return not self._blocking()

    def check_all(self) -> Mapping[str, Any] | None:
        """Return the clean answers of the whole form, or None with the first bad page in front."""
        outcome = self._outcome()
        self._note(outcome.problems)
        if not self._blocking():
            return outcome.data
        for index, page in enumerate(self.form.pages):
            names = {spec.name for spec in page.fields}
            if any(problem.field in names for problem in self._blocking()):
                self.index = index
                break
        return None

    def turn(self, by: int) -> None:
        """Go to the next or the previous page that has something to show."""
        shown = visible_pages(self.form, self._outcome())
        ahead = [each for each in shown if (each > self.index if by > 0 else each < self.index)]
        if ahead:
            self.index = min(ahead) if by > 0 else max(ahead)

    def bound(self) -> Any:
        """Return the page's fields with their answers and problems, for the template."""
        fields = bind(self.form, self.index, self.around, None, self._filled())
        for one in fields:
            one.errors = [p.message for p in self.problems if p.field == one.name]
            kept = self.answers.get(one.name)
            one.kept = kept if self._is_file(one.name) and isinstance(kept, dict) else None
            one.token = self.token(kept) if one.kept else ""
        return fields

    @property
    def visible(self) -> frozenset[str]:
        """The names of the fields that show with the answers so far."""
        return frozenset(self._outcome().visible)

    @property
    def carried(self) -> str:
        """The answers of the other pages, as the page carries them."""
        here = {spec.name for spec in self.page.fields}
        shown = {name: value for name, value in self._given().items() if name not in here}
        return json.dumps(shown, ensure_ascii=False)

    @property
    def rules(self) -> str:
        """The page's rules and the other pages' answers, for the browser."""
        return json.dumps(
            rules_for_browser(self.form, self.index, self.answers, self.around),
            ensure_ascii=False,
        ).replace("<", "\\u003c")

    @property
    def labels(self) -> dict[str, str]:
        """The label of every field, for the list of problems."""
        return {name: words(spec.label) for name, spec in self.form.fields.items()}

    @property
    def must_explain(self) -> list[Problem]:
        """The problems that let one go on with a reason."""
        return [problem for problem in self.problems if problem.level == "explain"]

    @property
    def reason(self) -> str:
        """The reason given so far."""
        return request.form.get("reason", "").strip()[:1000]

    def token(self, answer: Any) -> str:
        """Return the signed token of a stored file's answer."""
        return str(self._signer().dumps(answer))

    def _blocking(self) -> list[Problem]:
        return [p for p in self.problems if p.level == "block" or not self.reason]

    def _note(self, problems: Any) -> None:
        known = {(problem.field, problem.message) for problem in self.problems}
        refused = {problem.field for problem in self.problems if problem.code.startswith(_FILE)}
        self.problems += [
            p for p in problems if (p.field, p.message) not in known and p.field not in refused
        ]

    def _outcome(self) -> Outcome:
        if self._evaluated is None or self._evaluated[0] != self.answers:
            outcome = evaluate(self.form, self.answers, self.around)
            self._evaluated = (dict(self.answers), outcome)
        return self._evaluated[1]

    def _filled(self) -> dict[str, Any]:
        """Return the answers with what is computed from them, for the fields to show."""
        computed = self._outcome().computed
        return {k: v for k, v in {**self.answers, **computed}.items() if v is not None}

    def _given(self) -> dict[str, Any]:
        """Return the answers with stored files as tokens."""
        return {
            name: self.token(value) if self._is_file(name) and isinstance(value, dict) else value
            for name, value in self.answers.items()
            if name in self.form.fields and value not in (None, "", [])
        }

    def _taken(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Undo `_given`; what was not signed for this case is dropped."""
        taken = {}
        for name, value in given.items():
            spec = self.form.fields.get(name)
            if spec is None:
                continue
            taken[name] = self._untoken(value) if self._is_file(name) else value
        return taken

    def _is_file(self, name: str) -> bool:
        """Tell whether an answer is carried as a token: else no page signs or believes one."""
        return self.form.fields[name].type.kind == "file"

    def _untoken(self, token: Any) -> Any:
        if not token:
            return None
        try:
            return self._signer().loads(str(token))
        except BadSignature:
            return None

    def _file(self, name: str) -> Any:
        upload = request.files.get(name)
        if upload is None or not upload.filename:
            kept = request.form.get(f"{name}-kept", "")
            dropped = request.form.get("action") == f"drop:{name}"
            return None if dropped else self._untoken(kept)
        try:
            content = upload.read()
            return office().uploads.keep(self.county, self.case_id, upload.filename, content)
        except NotAccepted as refused:
            message = _file_words(refused.code)
            self.problems.append(Problem(refused.code, message, name))
            return None

    def _signature(self, name: str) -> Any:
        kept = self._untoken(request.form.get(f"{name}-kept", "")) or {}
        typed = request.form.get(name, "").strip()
        drawing = request.form.get(f"{name}-drawn", "")
        drawn = kept.get("drawn")
        if drawing:
            stored = office().uploads.keep_drawing(self.county, self.case_id, drawing)
            drawn = stored["ref"] if stored else drawn
        answer = {"typed": typed, "drawn": drawn}
        return {key: value for key, value in answer.items() if value} or None

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(str(current_app.secret_key), salt=f"file|{self.case_id}")


def _file_words(code: str) -> str:
    return {
        "file_empty": translate("这个文件是空的，请重新选择"),
        "file_large": translate("文件太大了，请选择 10 MB 以内的照片或 PDF"),
        "file_kind": translate("只收照片（JPG、PNG、WebP）和 PDF，请重新选择"),
    }[code]


def _carried() -> dict[str, Any]:
    text = request.form.get("carried", "")
    if not text or len(text) > _CARRIED:
        return {}
    try:
        found = json.loads(text, parse_constant=_refused)
        if "\\u" in text:  # half a character, escaped, could be written nowhere
            json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
