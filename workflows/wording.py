"""What people read where a workflow's file does not say it better."""

from collections.abc import Mapping

from forms.text import Text
from workflows.definition import StateKind

WORDS: Mapping[StateKind, Text] = {
    "draft": Text("还没有提交", "Not submitted yet"),
    "open": Text("正在办理，无需您操作", "In progress. You need do nothing"),
    "returned": Text("请您补充后重新提交", "Please complete it and submit again"),
    "standing": Text("已办好", "Done and in force"),
    "final": Text("已办结", "Closed"),
    "final_bad": Text("没有通过，已办结", "Not approved; closed"),
}
"""What the applicant reads in a state of each kind."""

LABELS: Mapping[str, Text] = {
    "submit": Text("提交", "Submit"),
    "return": Text("退回补充", "Send back"),
    "withdraw": Text("撤回", "Withdraw"),
}
"""What stands on the buttons that nearly every workflow has."""

DONE: Mapping[str, Text] = {
    "submit": Text("您已提交", "You submitted"),
    "return": Text("已退回，请您补充", "Sent back for you to complete"),
    "withdraw": Text("您已撤回", "You withdrew"),
}
"""What the timeline says of them afterwards."""
