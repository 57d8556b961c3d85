"""Every message the form engine says to the person who fills in, in one place.

The key is the problem's stable code; behind a colon, a wording for one kind of field. Each says
what would be accepted and never repeats what was typed: it may be somebody's identity number.
"""

from typing import Any

from forms.problems import Problem
from forms.surroundings import Language
from forms.text import Text

CATALOGUE: dict[str, Text] = {
    "required": Text("这一项还没有填，请您补上", "Please fill this in"),
    "required:choice": Text("请您选一项", "Please choose one"),
    "required:choices": Text("请您至少选一项", "Please choose at least one"),
    "required:yes_no": Text("请您选“是”或“否”", "Please choose yes or no"),
    "required:consent": Text(
        "请您先阅读，同意后在前面打勾，才能继续",
        "Please read this and tick the box if you agree; it is needed to go on",
    ),
    "required:tick": Text("请核对后在前面打勾", "Please check this and tick the box"),
    "required:file": Text("请您拍照或选一个文件上传", "Please take a photo or choose a file"),
    "required:files": Text("请您拍照或选文件上传", "Please take a photo or choose files"),
    "required:group": Text("请您至少填一条", "Please give at least one"),
    "required:date_range": Text(
        "请您把开始和结束两个日期都填上", "Please give both dates, the first and the last"
    ),
    "required:address": Text(
        "请您选所在的地方，再填详细地址", "Please choose the area and give the rest of the address"
    ),
    "required:lookup": Text("请您选一项", "Please choose one"),
    "required:signature": Text(
        "请您签名：可以手写，也可以输入姓名", "Please sign: draw it, or type your name"
    ),
    "not_text": Text("这一项请您用文字填写", "Please answer this in words"),
    "too_long": Text("请您写短一些，最多 {limit} 个字", "Please keep to {limit} characters"),
    "too_short": Text(
        "请您写详细一些，至少 {limit} 个字", "Please write at least {limit} characters"
    ),
    "not_integer": Text(
        "请您填整数，只写数字，不写别的字", "Please give a whole number: digits only"
    ),
    "not_decimal": Text("请您填数字，例如 12 或 12.5", "Please give a number, such as 12 or 12.5"),
    "not_money": Text(
        "请您填金额，单位是元，最多两位小数，例如 30 或 12.50",
        "Please give an amount in yuan with at most two decimals, such as 30 or 12.50",
    ),
    "too_small": Text("请您填不小于 {limit} 的数", "Please give {limit} or more"),
    "too_large": Text("请您填不大于 {limit} 的数", "Please give {limit} or less"),
    "not_date": Text(
        "请您填一个日期，例如 2026-09-03 或 2026年9月3日", "Please give a date, such as 2026-09-03"
    ),
    "too_early": Text("请您填 {limit} 或以后的日期", "Please give {limit} or a later date"),
    "too_late": Text("请您填 {limit} 或以前的日期", "Please give {limit} or an earlier date"),
    "too_early:time": Text("请您填 {limit} 或以后的时间", "Please give {limit} or later"),
    "too_late:time": Text("请您填 {limit} 或以前的时间", "Please give {limit} or earlier"),
    "not_time": Text(
        "请您填一个时间，例如 8:30 或 20:30", "Please give a time, such as 8:30 or 20:30"
    ),
    "not_datetime": Text(
        "请您填日期和时间，例如 2026-09-03 20:30",
        "Please give a date and a time, such as 2026-09-03 20:30",
    ),
    "not_range": Text(
        "请您把开始和结束两个日期都填上，例如 2026-09-03",
        "Please give both dates, the first and the last, such as 2026-09-03",
    ),
    "range_order": Text(
        "结束日期要在开始日期当天或以后，请再核对一遍",
        "The last day is before the first; please check them",
    ),
    "address_region": Text(
        "请您在列表里选所在的地方；不在列表里的，请选“其他地方”",
        "Please choose the area from the list, or “Elsewhere” if it is not there",
    ),
    "address_deeper": Text("请您再往下选一级", "Please choose one level further down"),
    "address_detail": Text(
        "请您填写详细地址，例如村（小区）和门牌号",
        "Please give the rest of the address, such as village or estate and number",
    ),
    "choice_unknown": Text(
        "您选的这一项现在不在名单里，请重新选一项",
        "This is not on the list now; please choose again",
    ),
    "choice_unknown:narrowed": Text(
        "您选的这一项和{by}对不上，请重新选一项",
        "This does not go with your answer to {by}; please choose again",
    ),
    "too_many_choices": Text("请您最多选 {limit} 项", "Please choose at most {limit}"),
    "not_yes_no": Text("请您选“是”或“否”", "Please choose yes or no"),
    "phone": Text(
        "请您填 11 位手机号，以 1 开头，例如 138 开头的号码",
        "Please give a mainland mobile number: 11 digits that begin with 1",
    ),
    "email": Text(
        "请您填完整的电子邮箱，例如 name@example.cn",
        "Please give a full email address, such as name@example.cn",
    ),
    "url": Text(
        "请您填完整的网址，例如 https://basic.smartedu.cn/ 开头的网址",
        "Please give a full web address, such as https://basic.smartedu.cn/",
    ),
    "cn_id_length": Text(
        "身份证号是 18 位，您填了 {count} 位，请再核对一遍",
        "An identity number has 18 characters, this has {count}; please check it",
    ),
    "cn_id_old": Text(
        "15 位的旧身份证已停用，请您填新身份证上的 18 位号码",
        "15-digit numbers are no longer in use; please give the 18-digit number of the new card",
    ),
    "cn_id_other_document": Text(
        "这里请您填 18 位的居民身份证号，港澳台居民居住证和新版外国人永久居留证的 18 位号码也可以；"
        "只有护照等其他证件的，请联系学校或县教育局登记",
        "Please give an 18-character resident identity number; the 18-character numbers of "
        "Hong Kong, Macao and Taiwan residence permits and of new permanent residence cards are "
        "accepted too. With a passport only, please ask the school or the county bureau",
    ),
    "cn_id_birth_date": Text(
        "第 7 到 14 位应是真实的出生日期，请您再核对一遍",
        "Characters 7 to 14 must be a real date of birth; please check them",
    ),
    "cn_id_check_digit": Text(
        "最后一位与前 17 位对不上，请再核对一遍",
        "The last character does not fit the first 17; please check the number",
    ),
    "uscc_length": Text(
        "统一社会信用代码是 18 位，您填了 {count} 位，请再核对一遍",
        "A unified social credit code has 18 characters, this has {count}; please check it",
    ),
    "uscc_shape": Text(
        "统一社会信用代码是 18 位数字和大写字母，不用 I、O、S、V、Z，请照证书再核对一遍",
        "A unified social credit code has 18 digits and capitals, never I, O, S, V or Z; "
        "please check it against the certificate",
    ),
    "uscc_check": Text(
        "最后一位与前 17 位对不上，请照证书再核对一遍",
        "The last character does not fit the first 17; please check it against the certificate",
    ),
    "too_many_files": Text("最多交 {limit} 个文件", "At most {limit} files can be handed in"),
    "too_few_rows": Text(
        "请您至少填 {limit} 条，没有填内容的不算",
        "Please fill in at least {limit}; empty ones do not count",
    ),
    "too_many_rows": Text("最多填 {limit} 条", "At most {limit} can be given"),
    "rows_shape": Text(
        "这一项没有收完整，请您重新填写", "This did not arrive whole; please fill it in again"
    ),
    "file_shape": Text(
        "文件没有传完整，请您重新上传", "The file did not arrive whole; please upload it again"
    ),
    "signature_shape": Text(
        "签名没有保存好，请您重新签，或输入 {limit} 个字以内的姓名",
        "The signature was not kept; please sign again, or type a name of up to {limit} characters",
    ),
    "unknown_field": Text(
        "收到了这张表里没有的内容“{name}”，请您刷新页面后再提交",
        "“{name}” is not part of this form; please reload the page and submit again",
    ),
}


def problem(code: str, language: Language, wording: str = "", **figures: Any) -> Problem:
    """Make a blocking Problem of `code`, in its own wording for `wording` where there is one."""
    text = CATALOGUE.get(f"{code}:{wording}") or CATALOGUE[code]
    return Problem(code, text.get(language).format(**figures))
