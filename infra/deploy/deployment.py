"""A deployment: the stack, then Zappa, from a clean copy of the project."""

import os
import subprocess
import sys

import boto3

from core.office import open_office
from core.places import UnknownPlace
from infra.aws.ports import aws_ports
from infra.deploy.project import ROOT, compile_catalogue, install_dependencies, lay_out
from infra.deploy.stack import put_stack

BUILD = ROOT / "build" / "deploy"


def deploy(stage: str) -> str:
    """Bring the stage to what git has; return the address of its pages.

    AWS is where the environment says (profile, region, AWS_ENDPOINT_URL). Raises
    CalledProcessError where Zappa fails, having printed why.
    """
    put_stack(stage)
    venv = install_dependencies(BUILD)
    project = lay_out(BUILD / f"project-{stage}")
    compile_catalogue(project, venv)
    command = "update" if _is_there(stage) else "deploy"
    environment = os.environ | {
        "VIRTUAL_ENV": str(venv),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",  # else what Zappa imports would travel along
    }
    zappa = [sys.executable, "-P", "-m", "zappa.cli", command, stage]
    subprocess.run(zappa, cwd=project, env=environment, check=True)  # noqa: S603 — our own
    return address(stage)


def first_link(stage: str) -> str | None:
    """Return a fresh token of the first officer's link, None once a place was entered."""
    function = boto3.client("lambda").get_function_configuration(FunctionName=f"kehou-{stage}")
    office = open_office(aws_ports(function["Environment"]["Variables"]), [])
    try:
        office.places.root()
    except UnknownPlace:
        return office.door.first_link()
    return None


def address(stage: str) -> str:
    """Return where API Gateway answers for the stage."""
    client = boto3.client("apigateway")
    pages = client.get_paginator("get_rest_apis").paginate()
    found = {api["name"]: api["id"] for page in pages for api in page["items"]}
    host = f"{found[f'kehou-{stage}']}.execute-api"
    emulator = os.environ.get("AWS_ENDPOINT_URL")
    if emulator:
        return f"http://{host}.localhost:{emulator.rsplit(':', 1)[1]}/{stage}/"
    region = client.meta.region_name
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    return f"https://{host}.{region}.{suffix}/{stage}/"


def _is_there(stage: str) -> bool:
    client = boto3.client("lambda")
    try:
        client.get_function(FunctionName=f"kehou-{stage}")
    except client.exceptions.ResourceNotFoundException:
        return False
    return True
