"""The real `zappa deploy` of the real package, into an AWS on this machine."""

import base64
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.request import urlopen

import boto3
import pytest

from core.commands.seed import seed
from core.frozen import freeze
from core.ports import Ports
from core.web.app import BUNDLED
from infra.aws.ports import aws_ports
from infra.deploy import package
from infra.deploy.deployment import deploy
from infra.deploy.local_cloud import credentials, local_cloud
from infra.deploy.project import ROOT, project_files
from infra.deploy.stack import outputs
from tests.deploy.browser import Browser

pytestmark = pytest.mark.timeout(240)
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)
TICKED = {"timers", "effects", "counted", "delivered"}
"""What a tick tells that it did."""
SCHEDULE = {"source": "aws.events", "detail-type": "Scheduled Event"}


@dataclass
class Deployed:
    """A stage that is up, with the sample county in it."""

    address: str
    archive: zipfile.ZipFile
    size: int
    ports: Ports


class Phones(BaseHTTPRequestHandler):
    """A county's message gateway; `rang` has what it was asked to send."""

    rang: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        self.rang.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def gateway() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Phones) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def deployed(gateway: str) -> Iterator[Deployed]:
    with local_cloud() as cloud, pytest.MonkeyPatch.context() as patch:
        for name, value in credentials().items():
            patch.setenv(name, value)
        patch.setenv("AWS_ENDPOINT_URL", cloud)
        patch.setenv("KEHOU_GATEWAY", gateway)
        patch.setenv("KEHOU_DEMO", "1")
        address = deploy("dev")
        function = boto3.client("lambda").get_function(FunctionName="kehou-dev")
        with urlopen(function["Code"]["Location"]) as answer:  # noqa: S310 — of this machine
            content = answer.read()
        ports = aws_ports(function["Configuration"]["Environment"]["Variables"])
        assert seed(ports, [BUNDLED], lambda _: None)
        yield Deployed(address, zipfile.ZipFile(io.BytesIO(content)), len(content), ports)


@pytest.fixture(scope="module")
def invoke(deployed: Deployed) -> Callable[[Any], dict[str, Any]]:
    """Return what invokes the function as whoever may invoke it would."""
    assert deployed
    client = boto3.client("lambda")

    def call(event: Any) -> dict[str, Any]:
        answer = client.invoke(FunctionName="kehou-dev", Payload=json.dumps(event).encode())
        body = json.loads(answer["Payload"].read())
        return {"failed": "FunctionError" in answer, "body": body}

    return call


def test_the_portal_opens_and_every_link_stays_under_the_stage(deployed: Deployed) -> None:
    browser = Browser(deployed.address)
    for path in ("", "qinghe/", "hexi-zhen/", "hexi-zhen/volunteers/", "sign-in/", "receipt/"):
        page = browser.get(path)
        assert page.status == 200, path
        inside = [link for link in page.links if link.startswith("/")]
        assert inside, path
        assert [link for link in inside if not link.startswith("/dev/")] == [], path
    style = next(link for link in page.links if "bootstrap" in link)
    assert "--bs-" in browser.get(style).text


def test_a_page_that_is_not_there_is_the_applications_answer(deployed: Deployed) -> None:
    page = Browser(deployed.address).get("%E6%B2%A1%E6%9C%89/no/such/page")
    assert page.status == 404
    assert "<html" in page.text


def test_a_teacher_registers_and_her_case_is_there(deployed: Deployed) -> None:
    browser = Browser(deployed.address)
    page = browser.get("hexi-zhen/volunteers/")
    about = {"kind": "retired_teacher", "name": "测试䶮", "id_number": "149999196001010022"}
    photo = ("证书.png", PICTURE)
    page = browser.send(
        page, page.address, **about, phone="00000000088", certificate=photo, action="next"
    )
    assert "您想教点什么" in page.text
    wishes = {"specialties": ["opera", "reading"], "times": ["monday"]}
    page = browser.send(page, page.address, **wishes, preferred_school="hexi-1", action="next")
    assert "志愿者承诺书" in page.text
    last = {"signature": "测试䶮", "query_consent": "true", "action": "submit"}
    receipt = browser.send(page, page.address, **last)
    case_id = receipt.address.rstrip("/").rsplit("/", 1)[1]
    assert (receipt.status, len(case_id)) == (200, 16), receipt.text
    assert browser.send(page, page.address, **last).address == receipt.address
    (case,) = deployed.ports.store.get((f"C#{case_id}", "H"))
    assert case is not None
    assert "149999196001010022" not in str(case)
    assert "测试䶮" not in str(case)
    kept = boto3.client("s3").list_objects_v2(Bucket=outputs("dev")["Bucket"])["Contents"]
    assert any(case_id in each["Key"] for each in kept)


def test_the_tick_sends_the_code_and_the_officer_finds_the_case(deployed: Deployed) -> None:
    browser = Browser(deployed.address)
    page = browser.send(browser.get("sign-in/"), "sign-in/", phone="00000000103")
    (message,) = [each for each in Phones.rang if each["to"] == "00000000103"]
    code = message["parameters"]["code"]
    desk = browser.send(page, "sign-in/code", phone="00000000103", code=code)
    assert (desk.status, desk.address) == (200, deployed.address + "desk/")
    assert any("/dev/hexi-zhen/case/" in link for link in desk.links)


def test_the_schedule_may_tick_and_nobody_may_run_code(
    invoke: Callable[[Any], dict[str, Any]],
) -> None:
    ticked = invoke(SCHEDULE)
    assert (ticked["failed"], set(ticked["body"])) == (False, TICKED)
    refused = invoke({"raw_command": "import os; os.environ"})
    assert refused["failed"]
    assert "neither a page nor the schedule" in refused["body"]["errorMessage"]


def test_the_packages_own_files_are_exactly_gits(deployed: Deployed) -> None:
    names = [n for n in deployed.archive.namelist() if n.split("/")[0] in package.PACKAGES]
    own = sorted(name for name in names if not name.endswith(package.MADE))
    assert own == project_files()
    for name in own:
        assert deployed.archive.read(name) == (ROOT / name).read_bytes(), name


def test_the_package_has_the_catalogue_of_its_plugins(deployed: Deployed) -> None:
    packed = json.loads(deployed.archive.read("plugins/catalogue.json"))
    assert packed["mark"] == freeze(ROOT)["mark"]


def test_every_module_has_bytecode_that_no_date_can_make_stale(deployed: Deployed) -> None:
    names = set(deployed.archive.namelist())
    sources = [name for name in names if name.endswith(".py")]
    assert len(sources) > 500
    for source in sources:
        folder, _, stem = source[:-3].rpartition("/")
        cached = f"{folder}/__pycache__/{stem}.cpython-311.pyc".lstrip("/")
        assert cached in names, source
        assert int.from_bytes(deployed.archive.read(cached)[4:8], "little") == 0b01, source


def test_the_package_is_small_and_holds_nothing_it_never_opens(deployed: Deployed) -> None:
    names = deployed.archive.namelist()
    unpacked = sum(entry.file_size for entry in deployed.archive.infolist())
    assert deployed.size < 17e6
    assert unpacked < 50e6
    services = {name.split("/")[2] for name in names if name.startswith("botocore/data/")}
    assert {each for each in services if "." not in each} == package.SERVICES
    for absent in ("handler.py", "zappa_settings.py", "tests/", "zappa/", "moto/", "setuptools/"):
        assert not any(name.startswith(absent) for name in names), absent


def test_the_function_runs_as_the_stack_says(deployed: Deployed) -> None:
    assert deployed
    found = outputs("dev")
    configuration = boto3.client("lambda").get_function_configuration(FunctionName="kehou-dev")
    assert configuration["Handler"] == "infra.aws.app.lambda_handler"
    assert configuration["Role"] == found["Role"]
    settings = configuration["Environment"]["Variables"]
    assert settings["KEHOU_TABLE"] == found["Table"]
    assert settings["KEHOU_BUCKET"] == found["Bucket"]
    assert settings["KEHOU_KEY"] == found["Key"]
    rules = boto3.client("events").list_rules()["Rules"]
    assert [rule["ScheduleExpression"] for rule in rules] == ["rate(1 minute)"]


def test_a_second_deployment_is_an_update_that_keeps_the_address(deployed: Deployed) -> None:
    assert deploy("dev") == deployed.address
    assert Browser(deployed.address).get().status == 200
