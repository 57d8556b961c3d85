"""The same registration as one would write it by hand: Flask-WTF, one table, one INSERT.

Three pages, what was answered before carried in a hidden field, the same rules, the same words,
the same session cookie and CSRF token. It has no plugins, places, workflow, encryption, duplicate
check or receipt: a row with a random number.
"""

import json
import re
import secrets
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import wtforms
from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect, FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import validators as v

from core.web.app import _HEADERS
from forms.identity_types import check_character
from tests.bench import words

SCHEMA = """
CREATE TABLE IF NOT EXISTS volunteers (
    number TEXT PRIMARY KEY, place TEXT, kind TEXT, name TEXT, id_number TEXT UNIQUE, age INTEGER,
    phone TEXT, specialties TEXT, other_specialty TEXT, about TEXT, times TEXT, school TEXT,
    further_schools TEXT, signature TEXT, consent INTEGER, at TEXT
)
"""
INSERT = f"INSERT INTO volunteers VALUES ({', '.join('?' * 16)})"  # noqa: S608 — question marks
PAGES = 3


def identity(_: Any, field: wtforms.Field) -> None:
    """Refuse a number of the wrong shape, date or check character, and anybody under 18."""
    number = (field.data or "").strip().upper()
    if not re.fullmatch(r"\d{17}[\dX]", number) or check_character(number[:17]) != number[17]:
        raise v.ValidationError("身份证号不对，请再核对一遍")
    try:
        age = age_of(number)
    except ValueError:
        raise v.ValidationError("身份证号里的出生日期不对") from None
    if age < 18:
        raise v.ValidationError("志愿者须年满18周岁")


def age_of(number: str) -> int:
    born, today = date(int(number[6:10]), int(number[10:12]), int(number[12:14])), date.today()  # noqa: DTZ011
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def at_most_five(_: Any, field: wtforms.Field) -> None:
    if len(field.data or ()) > 5:
        raise v.ValidationError("最多选 5 样")


class First(FlaskForm):
    kind = wtforms.RadioField("您是", choices=words.KINDS, validators=[v.InputRequired()])
    name = wtforms.StringField(
        "姓名", description=words.NAME, validators=[v.InputRequired(), v.Length(max=50)]
    )
    id_number = wtforms.StringField(
        "身份证号", description=words.IDENTITY, validators=[v.InputRequired(), identity]
    )
    phone = wtforms.TelField(
        "手机号",
        description=words.PHONE,
        validators=[v.InputRequired(), v.Regexp(r"(1[3-9]\d{9}|000000\d{5})$")],
    )
    certificate = FileField("教师资格证", description=words.PHOTO)
    qualification = FileField("资格证、获奖或传承证明", description=words.ANY_PHOTO)


class Second(FlaskForm):
    specialties = wtforms.SelectMultipleField(
        "您的特长", choices=words.SPECIALTIES, validators=[v.InputRequired(), at_most_five]
    )
    other_specialty = wtforms.StringField("是什么特长", validators=[v.Length(max=30)])
    about = wtforms.TextAreaField("经历", validators=[v.Length(max=500)])
    times = wtforms.SelectMultipleField(
        "哪几天方便", choices=words.DAYS, validators=[v.InputRequired()]
    )
    preferred_school = wtforms.RadioField(
        "最想去的学校", choices=words.SCHOOLS, validators=[v.InputRequired()]
    )
    further_schools = wtforms.SelectMultipleField("还可以去的学校", choices=words.SCHOOLS)


class Third(FlaskForm):
    signature = wtforms.StringField(
        "请在这里签名", validators=[v.InputRequired(), v.Length(max=50)]
    )
    query_consent = wtforms.BooleanField("同意从业查询", validators=[v.InputRequired()])


FORMS: tuple[type[FlaskForm], ...] = (First, Second, Third)


def create_app(path: Path) -> Flask:
    """Return the application on a SQLite file of its own (WAL, synchronous=FULL)."""
    app = Flask("by_hand", template_folder=str(Path(__file__).parent), static_folder=None)
    app.config.update(SECRET_KEY=secrets.token_hex(), MAX_CONTENT_LENGTH=12 * 1024 * 1024)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRFProtect(app)
    file = sqlite3.connect(path, isolation_level=None)
    file.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {SCHEMA}")

    @app.get("/hexi-zhen/volunteers/")
    def start() -> str:
        return shown(0, {}, First())

    @app.post("/hexi-zhen/volunteers/")
    def hand_in() -> ResponseReturnValue:
        page = request.form.get("page", 0, int)
        given: dict[str, Any] = json.loads(request.form.get("carried", "{}"))
        form = FORMS[page]()
        if not form.validate_on_submit():
            return shown(page, given, form), 422
        given |= {name: form[name].data for name in form.data if name != "csrf_token"}
        if page + 1 < PAGES:
            return shown(page + 1, given, FORMS[page + 1](formdata=None))
        for each in FORMS[:2]:  # what was carried is not believed
            again = each(formdata=as_sent(given), meta={"csrf": False})
            if not again.validate():
                return shown(FORMS.index(each), given, again), 422
        number = kept(given)
        return redirect(url_for("receipt", number=number))

    @app.get("/receipt/<number>/")
    def receipt(number: str) -> str:
        row = file.execute("SELECT name FROM volunteers WHERE number = ?", (number,)).fetchone()
        return str(row)

    def kept(given: dict[str, Any]) -> str:
        number = secrets.token_hex(8)
        lists = ("specialties", "times", "further_schools")
        flat = {name: ",".join(given[name] or ()) for name in lists}
        row = (number, "hexi-zhen", given["kind"], given["name"], given["id_number"])
        row += (age_of(given["id_number"]), given["phone"], flat["specialties"])
        row += (given["other_specialty"], given["about"], flat["times"])
        row += (given["preferred_school"], flat["further_schools"], given["signature"])
        file.execute(INSERT, (*row, int(given["query_consent"]), str(date.today())))  # noqa: DTZ011
        return number

    def shown(page: int, given: dict[str, Any], form: FlaskForm) -> str:
        carried = {name: value for name, value in given.items() if name not in form}
        return render_template(
            "by_hand.html", page=page, carried=json.dumps(carried), form=form, words=words
        )

    app.after_request(_finish)
    app.extensions["file"] = file
    return app


def as_sent(given: dict[str, Any]) -> Any:
    """Return carried answers as WTForms reads a request."""
    return MultiDict({name: value for name, value in given.items() if value})


def _finish(answer: Any) -> Any:
    answer.headers.update({**_HEADERS, "Cache-Control": "no-store"})
    return answer
