"""What an officer reads where something asked of the tree of places cannot be."""

from core.places import Refusal
from core.web.language import translate


def refusal_words(refused: Refusal) -> str:
    """Return in words why it cannot be, and what would be accepted."""
    return {
        "slug_taken": translate("这个短地址已被使用，请换一个"),
        "slug_form": translate("短地址用小写字母、数字和连字符，字母开头，如 qinghe"),
        "name_form": translate("请填名称，60 个字以内"),
        "kind_not_here": translate("这类地方不能放在这里"),
        "too_many_hooks": translate("一个县最多填 10 个地址，请先删除不再用的"),
        "made_before": translate("这个令牌刚才已经做好，只显示那一次。没有记下来就撤销，再做一个"),
        "too_many_tokens": translate("一个县最多有 20 个令牌，请先撤销不再用的"),
        "rule_not_here": translate("这一级不能这样设置"),
        "changed_meanwhile": translate("刚才有人也改了这一项，请刷新后再试"),
        "level_not_here": translate("这一级不能设置这一项"),
        "basis_missing": translate("请写明依据：哪份文件、哪一条"),
        "looser_than_above": translate("不能比上级规定的更宽，请填更严的值，或先由上级修改"),
        "value_whole": translate("请填整数，例如 120"),
        "value_time": translate("请填时间，例如 20:30"),
        "value_share": translate("请填百分比，例如 80%"),
        "value_service_types": translate("请至少选一类"),
        "value_documents": translate("请至少选一份文件"),
        "since_day": translate("请填从哪天起执行，例如 2026-09-01"),
        "calendar_year": translate("请至少填一个放假时段，年份在 2000 到 2100 之间"),
        "calendar_days": translate(
            "请检查日期：都在这一年里，放假的开始不晚于结束，调休上班日不在放假时段里"
        ),
        "term_days": translate("请填学期名称、开学和放假日期，一个学期不超过 250 天"),
        "term_overlaps": translate("和另一个学期的日期重叠，请检查"),
        "term_not_here": translate("这个学期不是这一级填的，请由填写的一级修改"),
    }[str(refused)]
