"""Why an uploaded file, or a row of it, is not taken in, and what would be accepted."""

from core.imports.blanks import MOST_ROWS
from core.imports.reading import BadSheet, Wrong
from core.open_xml import NotTaken
from core.web.language import translate
from core.web.words import words
from forms.definition import Form


def not_taken_words(why: NotTaken, ending: str) -> str:
    """Return why a file is refused; `ending` is the kind that would be accepted: xlsx or docx."""
    if why.code == "active":
        told = translate(
            "这个文件里有“%s”，打开时会自己去连别的程序、文件或网站，不能收。"
            "请把它换成普通的文字或数字，保存后再上传"
        )
        return told % why.told
    return {
        "empty": translate("请先选一个 .%s 文件"),
        "large": translate("文件太大了，请上传 5 MB 以内的 .%s 文件"),
        "old": translate("这是旧格式，或者加了密码。请另存为没有密码的 .%s 文件再上传"),
        "text": translate("这不是 .%s 文件。请用 Excel 或 WPS 打开，另存为 .%s 再上传"),
        "kind": translate("这不是 .%s 文件，请另存为 .%s 再上传"),
        "macros": translate("这个文件里带有宏，不能收。请另存为不带宏的 .%s 文件再上传"),
        "linked": translate(
            "这个文件连着别的文件（模板、图片或数据），不能收。"
            "请新建一个空白文件，把内容复制进去，另存为 .%s 再上传"
        ),
        "swells": translate(
            "这个文件展开以后太大，不能收。请把内容复制到新的文件里，另存为 .%s 再上传"
        ),
        "long": translate(
            "这个文件里有一格或一段文字太长，超过 32,767 个字，不能收。"
            "请把它改短或拆开，另存为 .%s 再上传"
        ),
        "broken": translate("这个文件打不开。请用 Excel、Word 或 WPS 打开，另存为 .%s 再上传"),
        "entities": translate("这个文件里有不该有的内容，不能收。请另存为新的 .%s 文件再上传"),
    }[why.code].replace("%s", ending)


def bad_sheet_words(why: BadSheet) -> str:
    """Return why nothing can be taken in from a workbook."""
    if why.code == "twice":
        return translate("“%s”这一项有两列，请只留一列") % why.told
    if why.code == "many":
        told = translate("一次最多 %d 行。请分成几个文件；如果下面是空行，请把空行删掉")
        return told % MOST_ROWS
    return {
        "header": translate("没有找到这张表的标题行。请下载空白表，在里面填好再上传"),
        "rows": translate("标题行下面没有填内容，请填好再上传"),
        "phone": translate("没有手机号这一列。每一行都要有本人的手机号，好通知本人确认"),
    }[why.code]


def wrong_words(wrong: Wrong, form: Form) -> str:
    """Return what is wrong with a row: at which cell, with which question, and what to do."""
    spec = form.fields.get(wrong.field)
    label = words(spec.label) if spec else ""
    at = " ".join(filter(None, (wrong.cell, label)))
    said = _why(wrong)
    colon = translate("：")
    return f"{at}{colon}{said}" if at else said


def _why(wrong: Wrong) -> str:
    """Return the words of a code; where they quote the cell, `%s` stands for what was in it."""
    if wrong.code == "form":
        return wrong.told
    said = {
        "digits": translate(
            "Excel 把它当成数字，后几位已经丢了（现在是 %s）。"
            "请把这一格设成“文本”格式，再重新填一遍"
        ),
        "unknown": translate("没有“%s”这个选项，能填的见空白表的第二张表"),
        "several": translate("叫“%s”的不止一个，请填它的代码"),
        "yes_no": translate("请填“是”或“否”，不是“%s”"),
        "region": translate("看不出“%s”在哪个地区。请先写第二张表里的地区，外地的先写“其他地方”"),
        "error": translate("这一格是 Excel 的错误值 %s，请重新填"),
        "same_row": translate("和第 %s 行一模一样，只留一行就行"),
        "same_value": translate("和第 %s 行填的一样，这一项不能重复"),
        "formula": translate("这一格是公式。请复制以后“选择性粘贴”成数值，或直接填内容"),
        "no_phone": translate("没有手机号，没法通知本人确认，请填上"),
    }[wrong.code]
    return said.replace("%s", wrong.told)
