"""What Zappa calls while it deploys (`callbacks` in zappa_settings.json)."""

import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import click

from core.frozen import CATALOGUE, is_stale
from infra.deploy.package import finish as finish_package
from infra.deploy.package import own_files
from infra.deploy.project import project_files, wheels_in
from infra.deploy.stack import outputs


def settle(zappa: Any) -> None:
    """Take role, bucket and the function's environment from the stack, not from a file.

    Whatever begins with `KEHOU_` in the deployer's environment goes along to the function.
    """
    found = outputs(zappa.api_stage)
    given = {name: value for name, value in os.environ.items() if name.startswith("KEHOU_")}
    zappa.zappa.credentials_arn = found["Role"]
    zappa.s3_bucket_name = found["Bucket"]
    zappa.aws_environment_variables |= given | {
        "KEHOU_TABLE": found["Table"],
        "KEHOU_BUCKET": found["Bucket"],
        "KEHOU_KEY": found["Key"],
    }
    mend_template(zappa.zappa)


def finish(zappa: Any) -> None:
    """Trim and compile the zip; refuse one whose project files are not git's."""
    archive = Path(zappa.zip_path)
    size = finish_package(archive)
    odd = set(own_files(archive)) ^ set(project_files())
    if odd:
        names = ", ".join(sorted(odd)[:5])
        raise click.ClickException(
            f"the package is not what git has ({names}): deploy with `python -m infra.deploy`"
        )
    if not has_catalogue(archive):
        raise click.ClickException(
            "the package has no catalogue of these plugins: deploy with `python -m infra.deploy`"
        )
    click.echo(f"The package has {size / 1e6:.1f} MB.")


def has_catalogue(archive: Path) -> bool:
    """Tell whether the zip has the plugins compiled as they lie here, not as they were once."""
    name = f"plugins/{CATALOGUE}"
    with zipfile.ZipFile(archive) as content, tempfile.TemporaryDirectory() as folder:
        if name not in content.namelist():
            return False
        packed = Path(content.extract(name, folder))
        return not is_stale(packed, Path.cwd(), wheels_in(Path(os.environ["VIRTUAL_ENV"])))


def mend_template(zappa: Any) -> None:
    """Correct the API template that Zappa 0.63.0 makes, before it is sent.

    It writes `arn:aws:` everywhere but in one region of the US, so that API Gateway in China would
    look for the function in another cloud. And it declares uploads binary by a patch afterwards;
    declared from the start, no file ever passes as text.
    """
    create = zappa.create_stack_template

    def create_mended(lambda_arn: str, *rest: Any, **more: Any) -> Any:
        template = create(lambda_arn, *rest, **more)
        partition = lambda_arn.split(":")[1]
        for resource in zappa.cf_template.resources.values():
            if resource.resource_type == "AWS::ApiGateway::RestApi":
                resource.BinaryMediaTypes = ["*/*"]
            integration = resource.properties.get("Integration")
            if integration is not None:
                integration.Uri = integration.Uri.replace("arn:aws:", f"arn:{partition}:", 1)
        return template

    zappa.create_stack_template = create_mended
