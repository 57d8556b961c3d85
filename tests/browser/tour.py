"""A walk past every kind of page of the sample county, as the public, an officer, an applicant."""

import re
from io import BytesIO
from secrets import randbelow
from typing import Any

from openpyxl import Workbook

from tests.browser.visitor import House, Visitor

PUBLIC = (
    "/",
    "/qinghe/",
    "/hexi-zhen/",
    "/hexi-zhen/volunteers/",
    "/hexi-zhen/volunteers/directory/",
    "/hexi-zhen/volunteers/poster/",
    "/hexi-zhen/cloud_classroom/list/",
    "/hexi-zhen/cloud_classroom/list/?q=没有的&subject=science",
    "/hexi-zhen/bookings/venues/",
    "/hexi-zhen/feedback/",
    "/hexi-zhen/feedback/?kind=survey&school=hexi-1",
    "/hexi-zhen/feedback/list/",
    "/hexi-zhen/publication/list/",
    "/hexi-zhen/notices/list/",
    "/hexi-1/subscriptions/poster/",
    "/museum/bookings/calendar/?month=2026-12",
    "/museum/bookings/calendar/?month=2027-01",
    "/science-museum/bookings/calendar/?week=2026-W53",
    "/receipt/",
    "/sign-in/",
    "/outbox/",
    "/policy/",
    "/policy/changzhi-2021/",
    "/policy/changzhi-2021/三(四)2",
    "/qinghe/volunteers/",
    "/yunhe/choose/feedback/",
    "/hexi-zhen/policy/",
    "/hexi-zhen/calendar/",
    "/qinghe/calendar/?year=2027",
    "/hexi-zhen/volunteers/draft/1234567890123456/",
    "/nowhere/",
)
COUNTY = (
    "/desk/",
    "/services/",
    "/qinghe/services/volunteers/",
    "/hexi-zhen/services/volunteers/",
    "/hexi-zhen/services/volunteers/open/",
    "/museum/bookings/calendar/?month=2026-12",
    "/museum/bookings/day/?date=2026-12-02",
    "/library/bookings/agenda/?month=2026-12",
    "/hexi-1/bookings/agenda/addresses/",
    "/qinghe/bookings/figures/",
    "/qinghe/feedback/figures/?from=2026-10&to=2026-12",
    "/qinghe/bookings/figures/?from=2026-09&to=2028-01",
    "/library/bookings/figures/?from=2026-07&to=2027-05&sort=-0.1",
    "/songlan/bookings/figures/",
    "/qinghe/feedback/figures/kept/",
    "/qinghe/publication/waiting/",
    "/qinghe/volunteers/waiting/?workflow=vetting",
    "/qinghe/bookings/waiting/?since=2020-01-01",
    "/yunhe/volunteers/waiting/",
    "/qinghe/notices/new/announcing/",
    "/qinghe/manage/",
    "/qinghe/webhooks/",
    "/qinghe/tokens/",
    "/qinghe/open-figures/",
    "/hexi-zhen/open-figures/",
    "/hexi-1/manage/",
    "/desk/deputies/",
    "/desk/finished/",
    "/desk/overdue/",
    "/search/",
    "/desk/bulk/",
    "/hexi-1/volunteers/import/",
    "/qinghe/volunteers/templates/",
    "/desk/templates/",
    "/desk/templates/?list=finished",
    "/hexi-zhen/volunteers/directory/",
    "/qinghe/policy/",
    "/qinghe/policy/evening_latest/",
    "/qinghe/policy/counted_service_types/",
    "/qinghe/calendar/",
    "/qinghe/calendar/2027/",
    "/qinghe/calendar/terms/",
)
LISTS = ("/hexi-zhen/feedback/list/", "/hexi-zhen/publication/list/")
CLERK, APPLICANT = "00000000102", "00000000005"
"""Who is visited as: the county officer, and the volunteer whose registration was sent back."""


def walk(house: House, device: dict[str, Any], *first: str) -> list[Visitor]:
    """Go to every page; `first` are addresses that set something, such as large type."""
    public = house.visitor(device)
    county, applicant = house.visitor(device), house.visitor(device)
    for visitor in (public, county, applicant):
        for address in first:
            visitor.page.goto(house.address + address)
    for path in PUBLIC:
        public.go(path)
    public.go("/hexi-zhen/volunteers/").page.locator("form .btn-primary").click()
    public.page.locator("[data-error-summary]").wait_for()
    public.look()
    _past_a_draft(public)
    _past_a_list(public)
    for path in LISTS:
        public.go(path)
        public.go(_link(public, "main .cards a"))
    _past_a_notice(public)
    _past_an_opinion(public)
    _past_a_subscription(public)
    as_one_click(county, CLERK)
    for path in COUNTY:
        county.go(path)
    _past_a_search(county)
    past_kept_figures(county)
    _past_a_case(county)
    _past_an_import(county)
    _past_a_template(county)
    by_code(applicant, APPLICANT)
    applicant.go(_link(applicant, "main .cards a"))
    applicant.go(_link(applicant, "main .btn-primary"))
    return [public, county, applicant]


def as_one_click(visitor: Visitor, phone: str) -> None:
    """Sign in as one of the sample county's people."""
    visitor.go("/sign-in/?next=/desk/")
    person = visitor.page.locator("form", has=visitor.page.locator(f'input[value="{phone}"]'))
    with visitor.page.expect_navigation():
        person.get_by_role("button").click()


def by_code(visitor: Visitor, phone: str) -> None:
    """Sign in with the code that the outbox page holds, in whatever language."""
    visitor.go("/sign-in/?next=/my/")
    visitor.page.locator("#f-phone").fill(phone)
    with visitor.page.expect_navigation():
        visitor.page.locator("main .btn-primary").click()
    visitor.look()
    reader = visitor.house.visitor().go("/outbox/")
    newest = reader.page.locator("main li", has_text=phone).first.inner_text()
    reader.close()
    visitor.page.locator("#f-code").fill(re.findall(r"\b\d{6}\b", newest)[0])
    with visitor.page.expect_navigation():
        visitor.page.locator("main .btn-primary").click()
    visitor.look()


def _past_a_draft(public: Visitor) -> None:
    """Begin a registration, come back to it by the way that the first page offers."""
    public.page.locator('input[name="kind"]').first.check()
    public.page.locator("#f-name").fill("Li Ping")
    with public.page.expect_navigation():
        public.page.locator("form .btn-primary").click()
    public.look()
    public.go("/hexi-zhen/volunteers/")
    public.go(_link(public, "main p.card a"))


def _past_a_search(county: Visitor) -> None:
    """Search from the desk for somebody who is known, and for somebody who is not."""
    for text in ("梁韵声", "没有这个人"):
        page = county.go("/desk/").page
        page.locator(".seek #f-q").fill(text)
        with page.expect_navigation():
            page.locator(".seek button").click()
        county.look()


def past_kept_figures(county: Visitor) -> None:
    """Keep the figures of the volunteers, compare the schools, open a number down."""
    page = county.go("/qinghe/volunteers/figures/kept/").page
    page.locator("#f-title").fill("Middle of the term")
    with page.expect_navigation():
        page.locator("form .btn-primary").click()
    county.look()
    county.go(_link(county, "main table a[href*='/cases/']"))


def _past_a_list(public: Visitor) -> None:
    """Look at the latest entry of the cloud classroom, an hour to come, and its way in."""
    public.go("/hexi-zhen/cloud_classroom/list/")
    public.go(_link(public, "main .cards a"))
    public.go(_link(public, "main .btn-primary"))


def _past_a_notice(public: Visitor) -> None:
    """Open a notice at the address that a volunteer of the sample county was sent."""
    sent = public.go("/outbox/").page.locator("main").inner_text()
    public.go(re.findall(r"/n/[a-z2-7]{16}/", sent)[0])


def _past_an_opinion(public: Visitor) -> None:
    """Give an opinion without a telephone, and come to its number and code."""
    page = public.go("/hexi-zhen/feedback/").page
    page.locator('input[value="opinion"]').check()
    page.locator('input[name="school"][value="hexi-1"]').check()
    _onward(public)
    page.locator('input[value="food"]').check()
    page.locator("#f-words").fill("The soup was cold.")
    _onward(public)
    page.locator('input[name="named"][value="false"]').check()
    _onward(public)
    public.go(page.url + "sheet/")


def _past_a_subscription(public: Visitor) -> None:
    """Ask for a school's notices as a parent, up to where the number is to be confirmed."""
    page = public.go("/hexi-1/subscriptions/").page
    page.locator('input[name="school"]').check()
    page.locator("#f-phone").fill(f"000000{20_000 + randbelow(70_000)}")
    page.locator('input[name="agreed"]').check()
    _onward(public)
    page.locator("main .btn-primary").wait_for()


def _onward(public: Visitor) -> None:
    with public.page.expect_navigation():
        public.page.locator("form .btn-primary").click()
    public.look()


def _past_the_desk(county: Visitor) -> None:
    county.go("/desk/")
    county.go(_link(county, ".work a.btn"))
    county.go(county.page.url + "hand/")


def _past_a_case(county: Visitor) -> None:
    _past_the_desk(county)
    county.go("/hexi-zhen/volunteers/directory/")
    county.go(_link(county, "main .cards a"))
    case = county.page.url
    moves = county.page.locator(".moves a")
    addresses = [moves.nth(n).get_attribute("href") for n in range(moves.count())]
    for address in addresses:
        county.go(str(address))
    county.go(case + "flow/")
    county.go(case + "templates/")
    county.page.goto(case)
    with county.page.expect_navigation():
        county.page.locator(".answers button").first.click()
    county.look()


def _past_an_import(county: Visitor) -> None:
    """Upload a workbook that is none, then one with a good row and a bad one; confirm it."""
    fresh = f"000000{20_000 + randbelow(70_000)}"  # a row that was imported is not imported again
    for content in (b"a,b", workbook(["丙", "1"], ["丁", fresh])):
        page = county.go("/hexi-1/volunteers/import/").page
        page.locator("#f-workbook").set_input_files(
            {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        )
        _onward(county)
    _onward(county)
    county.page.get_by_role("heading", level=1).wait_for()
    county.look()


def _past_a_template(county: Visitor) -> None:
    """Upload a file that is no template, then one with a placeholder that is none."""
    for content in (b"a,b", workbook(["{{姓名}}", "{{每一行:名字}}"])):
        page = county.go("/qinghe/volunteers/templates/").page
        page.locator("#f-template").set_input_files(
            {"name": "list.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        )
        _onward(county)


def workbook(*rows: list[str]) -> bytes:
    book, content = Workbook(), BytesIO()
    for row in [["姓名", "手机号"], *rows]:
        book.worksheets[0].append(row)
    book.save(content)
    return content.getvalue()


def _link(visitor: Visitor, selector: str) -> str:
    return str(visitor.page.locator(selector).first.get_attribute("href"))
