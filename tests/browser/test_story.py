"""From a service that is off to a volunteer in the district's directory, as people live it."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from core.moments import CHINA
from tests.browser.cast import (
    Applicant,
    citizen,
    confirm_identity,
    fill_first_page,
    fill_second_page,
    messages_to,
    officer,
    record_query,
    record_training,
    register,
    sign_and_submit,
    take_up,
)
from tests.browser.visitor import DESKTOP, PHONE, WITHOUT_SCRIPTS, House, Visitor

_LOOKS = 100
"""How often a page is looked at before a switch counts as not made: half a second apart."""
TODAY = datetime.now(CHINA).date().isoformat()


@dataclass(frozen=True)
class Setting:
    """Where a telling of the story takes place, and on which device."""

    device: dict[str, Any]
    district: str
    slug: str
    county_officer: str
    applicant: Applicant
    school_officer: str = ""
    officers_phone: str = ""

    @property
    def draws(self) -> bool:
        return bool(self.device.get("java_script_enabled", True))


TELLINGS = {
    "phone": Setting(
        PHONE,
        "松岚乡",
        "songlan-xiang",
        "林静",
        Applicant("苗秀兰", "14999919600214502", "00000000901", "青禾县松岚寄宿制初级中学"),
        "武志强",
    ),
    "desktop": Setting(
        DESKTOP,
        "柳汀镇",
        "liuting-zhen",
        "林静",
        Applicant("尉迟敬", "14999919590827301", "00000000902", "青禾县柳汀镇中心小学"),
        "郭晓燕",
    ),
    "phone without JavaScript": Setting(
        WITHOUT_SCRIPTS,
        "石桥镇",
        "shiqiao-zhen",
        "高红梅",
        Applicant("薛桂芳", "14999919611105604", "00000000903", "柏汀县石桥小学"),
        officers_phone="00000000950",
    ),
}


@pytest.mark.parametrize("told", TELLINGS.values(), ids=TELLINGS.keys())
def test_a_teacher_registers_is_vetted_and_counts_in_the_district(
    house: House, told: Setting
) -> None:
    who = told.applicant
    county = officer(house, told.county_officer, told.device)
    address = opened_for(county, told)
    before = volunteers_counted(house, told)

    person = house.visitor(told.device).go(address)
    fill_first_page(person, who)
    fill_second_page(person, who)
    turn_back_and_forth(person, who)
    number = sign_and_submit(person, who, draws=told.draws)
    person.reads("学校核对身份中，无需您操作")
    look_up_elsewhere(house, told, number)

    mine = citizen(house, who.phone, told.device).follow("志愿者登记")
    mine.reads("现在：学校核对身份中，无需您操作")
    school = school_officer(house, told)
    confirm_identity(school, who, TODAY)
    mine.go(mine.page.url).reads("现在：县教育局核查中，无需您操作")
    record_query(county, who, TODAY)
    mine.go(mine.page.url).reads("现在：请您参加岗前培训")
    record_training(school, who, TODAY)
    mine.go(mine.page.url).reads("现在：审核通过，学校会与您联系")

    assert volunteers_counted(house, told) == before + 1
    directory = house.visitor(told.device).go(f"/{told.slug}/volunteers/directory/")
    directory.does_not_read(who.name)
    county.go(f"/{told.slug}/volunteers/directory/").reads(who.name)


def test_what_is_sent_back_is_mended_and_handed_in_again(house: House) -> None:
    who = Applicant("康文秀", "14999919620630702", "00000000904", "青禾县禾溪第一小学")
    register(house.visitor(), "/hexi-zhen/volunteers/", who)
    school = officer(house, "赵明", DESKTOP)
    take_up(school, who).follow("退回补充").press("退回补充")
    school.reads("还差")
    school.tick("手机号", "简单说说您的经历")
    school.fill("说明", "请再写详细一点")
    school.press("退回补充")
    mine = citizen(house, who.phone).follow("志愿者登记")
    mine.reads("请您补充后重新提交")
    mine.reads("请再写详细一点")
    mine.follow("去修改")
    marked = mine.page.locator(".marked")
    assert marked.count() == 1
    assert "手机号" in marked.inner_text()
    assert "请修改这一项" in marked.inner_text()
    mine.press("继续")
    mine.fill("简单说说您的经历", "教了三十年音乐，会唱上党梆子，也会拉板胡。")
    mine.press("继续").press("提交")
    mine.reads("现在：学校核对身份中，无需您操作")
    take_up(school, who).reads("会拉板胡")


def test_who_is_refused_reads_why_and_may_appeal(house: House) -> None:
    who = Applicant("柴广田", "14999919640411811", "00000000905", "青禾县禾溪第一小学")
    register(house.visitor(), "/hexi-zhen/volunteers/", who)
    school = officer(house, "赵明", DESKTOP)
    take_up(school, who).follow("不予通过")
    school.fill("说明", "教师资格证照片看不清，联系不上本人")
    school.press("不予通过")
    mine = citizen(house, who.phone).follow("志愿者登记")
    mine.reads("这次没有通过")
    mine.reads("联系不上本人")
    mine.follow("我要申诉")
    mine.fill("您的理由", "那几天在外地，手机没有信号。")
    mine.press("我要申诉")
    mine.reads("县教育局正在复核您的申诉，无需您操作")
    county = officer(house, "林静", DESKTOP)
    take_up(county, who).follow("申诉成立，重新核查")
    county.fill("说明", "情况属实")
    county.press("申诉成立，重新核查")
    mine.go(mine.page.url).reads("现在：县教育局核查中，无需您操作")


def test_the_same_person_twice_reads_the_same_words_and_the_known_phone_is_told(
    house: House,
) -> None:
    who = Applicant("靳双喜", "14999919630705902", "00000000906", "青禾县禾溪第一小学")
    again = Applicant(who.name, who.number, "00000000907", who.school)
    first, second = house.visitor(), house.visitor()
    register(first, "/hexi-zhen/volunteers/", who)
    register(second, "/hexi-zhen/volunteers/", again)
    assert without_numbers(first) == without_numbers(second)
    assert messages_to(house, who.phone, "您已办过")


def opened_for(county: Visitor, told: Setting) -> str:
    """Open the service where it is off; return the address that is to be shared."""
    county.reads("待我办理")
    county.follow("服务开通")
    if told.officers_phone:
        enter_a_new_district(county, told)
    row = county.page.get_by_role("row", name=re.compile(told.district))
    cell = row.locator('td:has(a[href*="/services/volunteers/"])')
    county.follow("", within=cell)
    if not told.officers_phone:
        county.tick("关")
        county.press("保存开关")
        county.reads("未开通")
        closed_to_the_public(county.house, told)
    county.follow("开通")
    county.reads("谁来办")
    if told.officers_phone:
        county.fill("姓名", "石校长")
        county.fill("手机号", told.officers_phone)
        county.press("指定")
        county.reads("石校长")
    county.press("开通")
    county.reads("已开通")
    shared = county.page.get_by_role("region", name=re.compile("地址")).get_by_role("link")
    return shared.inner_text()


def closed_to_the_public(house: House, told: Setting) -> None:
    """Hold that the form is gone: each process may offer it for 30 seconds more, and no longer."""
    public = house.visitor(told.device)
    for _ in range(_LOOKS):
        public.page.goto(f"{house.address}/{told.slug}/volunteers/")
        if "暂时不办" in public.text():
            break
        public.page.wait_for_timeout(500)
    public.look().reads("暂时不办")
    public.close()


def enter_a_new_district(county: Visitor, told: Setting) -> None:
    """Enter a district and its school, where there was nothing."""
    county.reads("还没有片区")
    county.follow("管理柏汀县的片区、学校和人员")
    county.page.get_by_label("类别").select_option("district")
    county.fill("名称", told.district)
    county.fill("短地址", told.slug)
    county.press("添加")
    county.follow(told.district)
    county.page.get_by_label("类别").select_option("school")
    county.fill("名称", told.applicant.school)
    county.fill("短地址", "shiqiao")
    county.press("添加")
    county.follow("服务开通")


def volunteers_counted(house: House, told: Setting) -> int:
    """Return how many volunteers the district's public page counts."""
    # Not by the portal's link: a process may show the portal as it was up to 30 seconds ago.
    public = house.visitor(told.device).go(f"/{told.slug}/volunteers/directory/")
    heading = public.page.get_by_role("heading", level=1).inner_text()
    public.close()
    [n] = re.findall(r"\d+", heading)
    return int(n)


def turn_back_and_forth(person: Visitor, who: Applicant) -> None:
    """Go back to the first page and forward again: everything is still there."""
    person.press("上一步")
    assert person.page.get_by_label("戏曲", exact=True).is_checked()
    assert person.page.get_by_label(re.compile("^简单说说")).input_value() == "教了三十年音乐。"
    person.press("上一步")
    assert person.page.get_by_label("退休教师", exact=True).is_checked()
    assert person.page.get_by_label(re.compile("^身份证号")).input_value() == who.id_number
    person.reads("教师资格证.png")
    person.press("继续").press("继续")


def look_up_elsewhere(house: House, told: Setting, number: str) -> None:
    """Look the case up in a fresh browser: wrong digits show nothing, the right ones do."""
    other = house.visitor(told.device).go(f"/{told.slug}/").follow("查办理进度")
    other.fill("回执上的 16 位查询码", number)
    other.fill("登记时手机号的后四位", "0000")
    other.press("查询")
    other.reads("没有查到")
    other.fill("登记时手机号的后四位", told.applicant.phone[-4:])
    other.press("查询")
    other.reads("学校核对身份中，无需您操作")
    other.does_not_read(told.applicant.name)
    other.close()


def school_officer(house: House, told: Setting) -> Visitor:
    """Return the school's officer, signed in."""
    if told.school_officer:
        return officer(house, told.school_officer, told.device)
    return citizen(house, told.officers_phone, told.device).go("/desk/")


def without_numbers(person: Visitor) -> str:
    """Return a page's words, receipt number and times of day taken out."""
    return re.sub(r"\d{4} \d{4} \d{4} \d{4}|\d{1,2}:\d{2}", "", person.page.inner_text("body"))
