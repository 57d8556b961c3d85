"""The real `zappa deploy` of the real package, into an AWS on this machine."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import boto3
import pytest

from infra.deploy import package
from infra.deploy.deployment import deploy
from infra.deploy.local_cloud import credentials, local_cloud
from infra.deploy.project import ROOT, project_files
from infra.deploy.stack import outputs

pytestmark = pytest.mark.timeout(240)
SCHEDULE = {"source": "aws.events", "detail-type": "Scheduled Event"}


@dataclass
class Deployed:
    """A stage that is up."""

    address: str
    archive: zipfile.ZipFile
    size: int

    def get(self, path: str = "") -> tuple[int, str]:
        """Return status and text of a page, asked for through API Gateway's address."""
        at = urlsplit(self.address)
        connection = HTTPConnection("127.0.0.1", at.port, timeout=60)
        connection.request("GET", at.path + path, headers={"Host": at.netloc})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    with local_cloud() as cloud, pytest.MonkeyPatch.context() as patch:
        for name, value in credentials().items():
            patch.setenv(name, value)
        patch.setenv("AWS_ENDPOINT_URL", cloud)
        patch.setenv("KEHOU_GATEWAY", "http://127.0.0.1:9/")
        address = deploy("dev")
        code = boto3.client("lambda").get_function(FunctionName="kehou-dev")["Code"]["Location"]
        with urlopen(code) as answer:  # noqa: S310 — an address of this machine
            content = answer.read()
        yield Deployed(address, zipfile.ZipFile(io.BytesIO(content)), len(content))


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


def test_the_page_opens_at_the_address_of_the_gateway(deployed: Deployed) -> None:
    status, text = deployed.get()
    assert status == 200
    assert "课后" in text


def test_a_page_that_is_not_there_is_the_applications_answer(deployed: Deployed) -> None:
    assert deployed.get("%E6%B2%A1%E6%9C%89/no/such/page")[0] == 404


def test_the_schedule_may_tick_and_nobody_may_run_code(
    invoke: Callable[[Any], dict[str, Any]],
) -> None:
    ticked = invoke(SCHEDULE)
    assert (ticked["failed"], set(ticked["body"])) == (False, {"timers", "effects"})
    refused = invoke({"raw_command": "import os; os.environ"})
    assert refused["failed"]
    assert "neither a page nor the schedule" in refused["body"]["errorMessage"]


def test_the_packages_own_files_are_exactly_gits(deployed: Deployed) -> None:
    names = [n for n in deployed.archive.namelist() if n.split("/")[0] in package.PACKAGES]
    own = sorted(name for name in names if not name.endswith((".pyc", ".mo")))
    assert own == project_files()
    for name in own:
        assert deployed.archive.read(name) == (ROOT / name).read_bytes(), name


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
    assert deployed.size < 15e6
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
    assert deployed.get()[0] == 200
