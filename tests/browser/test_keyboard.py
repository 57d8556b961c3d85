"""The whole story by keyboard: a registration, its vetting by school and county, its outcome."""

from datetime import datetime

from playwright.sync_api import Page

from core.moments import CHINA
from tests.browser.cast import Applicant, code_for, photograph, receipt_on
from tests.browser.keyboard import go_on, press, tab_to, write, write_day
from tests.browser.visitor import DESKTOP, House, Visitor

TODAY = datetime.now(CHINA).date()
SCHOOL, COUNTY = "00000000103", "00000000102"
WHO = Applicant("赫连春", "14999919650918303", "00000000908", "青禾县禾溪第一小学")


def test_a_teacher_registers_and_is_vetted_with_the_keyboard_alone(house: House) -> None:
    number = registered(house)
    school, county = signed_in(house, SCHOOL), signed_in(house, COUNTY)

    case = taken_up(school, number)
    go_on(school.page, '.moves a[href$="/do/verify/"]')
    write_day(school.page, "#f-identity_checked_on", TODAY)
    for name in ("original_seen", "letter_signed", "proof_checked"):
        press(school.page, f'input[name="{name}"]')
    done(school, "待查询")

    county.go(case)
    go_on(county.page, '.moves a[href$="/do/clear_query/"]')
    press(county.page, 'input[name="result"][value="clear"]')
    write_day(county.page, "#f-query_date", TODAY)
    write(county.page, "#f-querying_body", "青禾县公安局")
    done(county, "待培训")

    school.go(case)
    go_on(school.page, '.moves a[href$="/do/approve/"]')
    write_day(school.page, "#f-training_date", TODAY)
    press(school.page, 'input[name="training_mode"]')
    write(school.page, "#f-training_minutes", "40")
    press(school.page, 'input[name="training_passed"]')
    done(school, "可排课")
    read_as_applicant(house)


def registered(house: House) -> str:
    """Fill in the registration and hand it in; return the receipt number."""
    visitor = house.visitor(DESKTOP).go("/hexi-zhen/")
    page = visitor.page
    go_on(page, '.cards a[href$="/hexi-zhen/volunteers/"]')
    press(page, 'input[name="kind"]')
    write(page, "#f-name", WHO.name)
    write(page, "#f-id_number", WHO.id_number)
    write(page, "#f-phone", WHO.phone)
    tab_to(page, "#i-certificate")
    page.locator(":focus").set_input_files([photograph()])  # what the system's own window does
    turned(page)
    press(page, 'input[name="specialties"][value="opera"]')
    press(page, 'input[name="times"][value="monday"]')
    press(page, '[name="preferred_school"]')
    turned(page)
    write(page, "#i-signature", WHO.name)
    press(page, 'input[name="query_consent"]')
    turned(page)
    return receipt_on(visitor)


def turned(page: Page) -> None:
    """Go on to the next page, which must be another."""
    before = page.locator("h1").inner_text()
    go_on(page, ".actions .btn-primary")
    assert page.locator("h1").inner_text() != before, page.locator("main").inner_text()


def signed_in(house: House, phone: str) -> Visitor:
    """Sign in as one of the sample county's people."""
    officer = house.visitor(DESKTOP).go("/sign-in/?next=/desk/")
    go_on(officer.page, f'form:has(input[value="{phone}"]) button')
    return officer.look()


def taken_up(officer: Visitor, number: str) -> str:
    """Go from the desk to the case by its number; return its address."""
    write(officer.page, 'input[name="q"]', number)
    with officer.page.expect_navigation():
        officer.page.keyboard.press("Enter")
    return officer.look().page.url


def done(officer: Visitor, state: str) -> None:
    """Make the move that is filled in; the case's page must name the new state."""
    go_on(officer.page, ".actions .btn-primary")
    officer.look().reads(state)


def read_as_applicant(house: House) -> None:
    """Sign in with a code and read the outcome."""
    mine = house.visitor(DESKTOP).go("/sign-in/?next=/my/")
    write(mine.page, "#f-phone", WHO.phone)
    with mine.page.expect_navigation():
        mine.page.keyboard.press("Enter")
    write(mine.page, "#f-code", code_for(house, WHO.phone))
    with mine.page.expect_navigation():
        mine.page.keyboard.press("Enter")
    go_on(mine.page, ".cards a")
    mine.look().reads("现在：审核通过")
