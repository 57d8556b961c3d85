"""Files and signatures on their way in: stored at once, named in the page by signed tokens."""

from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage

from core.limits import TooOften
from core.uploads import NotAccepted
from core.web.language import translate
from core.web.visit import count_file, office
from forms.fields import Field
from forms.problems import Problem


def is_file_move(action: str) -> bool:
    """Tell whether a button only takes a file away, or sends files before more are chosen."""
    return action == "keep" or action.startswith("drop:")


def is_stored(spec: Field) -> bool:
    """Tell whether an answer names stored files, which no page may make up."""
    return spec.type.kind == "file" or spec.type.name == "files"


@dataclass
class Attachments:
    """What is handed in for one case beside words.

    `refused` gathers why a file was not kept, `stored` the names of those that were.
    """

    county: str
    case_id: str
    refused: list[Problem] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)

    def take(self, one: Any, answers: dict[str, Any], path: str = "") -> None:
        """Put what a bound field, or its rows, brought beside words into the answers."""
        path = path or one.name
        if one.spec.rows:
            for at, (_, row) in enumerate(one.rows):
                for inner in row:
                    where = f"{path}.{at}.{inner.spec.name}"
                    self.take(inner, answers[one.spec.name][at], where)
        elif is_stored(one.spec) and not one.spec.compute:
            answers[one.spec.name] = self.posted(one.spec, one.name, path)

    def show(self, one: Any, answer: Any) -> None:
        """Give a bound field the stored files of its answer, with the tokens that keep them."""
        one.kept = answer if is_stored(one.spec) else None
        files = one.kept if isinstance(one.kept, list) else [one.kept]
        kept = (each for each in files if isinstance(each, dict))
        one.tokens = [(str(each.get("name", "")), self.token(each)) for each in kept]

    def posted(self, spec: Field, name: str, path: str) -> Any:
        """Return the answer that the input `name` brings or keeps; `path` is for problems."""
        if spec.type.name == "signature":
            return self._signature(name, path)
        return self._files(name, path) if spec.type.name == "files" else self._file(name, path)

    def token(self, answer: Any) -> str:
        """Return the signed token of a stored file's answer."""
        return str(self._signer().dumps(answer))

    def _opened(self, token: Any) -> Any:
        if not token:
            return None
        try:
            return self._signer().loads(str(token))
        except BadSignature:
            return None

    def _file(self, name: str, path: str) -> Any:
        upload = request.files.get(name)
        if upload and upload.filename:
            return self._kept(upload, path)
        dropped = request.form.get("action") == f"drop:{name}"
        return None if dropped else self._opened(request.form.get(f"{name}-kept", ""))

    def _files(self, name: str, path: str) -> Any:
        action = request.form.get("action", "")
        kept = [
            self._opened(token)
            for at, token in enumerate(request.form.getlist(f"{name}-kept"))
            if action != f"drop:{name}.{at}"
        ]
        uploads = [one for one in request.files.getlist(name) if one.filename]
        return [one for one in (*kept, *(self._kept(each, path) for each in uploads)) if one]

    def _kept(self, upload: FileStorage, path: str) -> Any:
        try:
            count_file()
            content = upload.read()
            kept = office().uploads.keep(self.county, self.case_id, upload.filename or "", content)
        except NotAccepted as refused:
            self.refused.append(Problem(refused.code, refused_file_words(refused.code), path))
            return None
        except TooOften:
            self.refused.append(Problem("file_often", refused_file_words("file_often"), path))
            return None
        self.stored.append(str(kept["ref"]))
        return kept

    def _signature(self, name: str, path: str) -> Any:
        kept = self._opened(request.form.get(f"{name}-kept", "")) or {}
        typed = request.form.get(name, "").strip()
        drawing = request.form.get(f"{name}-drawn", "")
        drawn = kept.get("drawn")
        if drawing:
            drawn = self._drawn(drawing, path) or drawn
        answer = {"typed": typed, "drawn": drawn}
        return {key: value for key, value in answer.items() if value} or None

    def _drawn(self, drawing: str, path: str) -> str:
        """Keep a drawn signature and return its name; "" where it was not kept."""
        try:
            count_file()
        except TooOften:
            self.refused.append(Problem("file_often", refused_file_words("file_often"), path))
            return ""
        stored = office().uploads.keep_drawing(self.county, self.case_id, drawing)
        self.stored += [stored["ref"]] if stored else []
        return str(stored["ref"]) if stored else ""

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(str(current_app.secret_key), salt=f"file|{self.case_id}")


def refused_file_words(code: str) -> str:
    """Return why a file was not kept, and what would be."""
    return {
        "file_inline": translate('文件请写成 {"name": 文件名, "content": Base64 内容}'),
        "file_often": translate("一小时里传的文件太多了，请过一会儿再传这一个"),
        "file_empty": translate("这个文件是空的，请重新选择"),
        "file_large": translate("文件太大了，请选择 10 MB 以内的照片或 PDF"),
        "file_kind": translate("只收照片（JPG、PNG、WebP、HEIC）和 PDF，请重新选择"),
        "file_active": translate("这个 PDF 里带有程序或附件，不能收。请拍照上传，或另存为普通 PDF"),
        "file_dots": translate("这张图片的尺寸太大了，请重新拍照，或缩小后再上传"),
    }[code]
