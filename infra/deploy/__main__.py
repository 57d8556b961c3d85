"""`python -m infra.deploy STAGE`: brings a stage to what git has."""

import argparse
import os
import sys
import time

from infra.deploy.deployment import deploy, first_link
from infra.deploy.local_cloud import credentials, local_cloud


def main() -> None:
    """Deploy from the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    parser.add_argument("stage", help="a stage of zappa_settings.json, such as dev")
    parser.add_argument("--local", action="store_true", help="into an AWS on this machine")
    given = parser.parse_args()
    if not given.local:
        _deployed(given.stage)
        return
    with local_cloud() as cloud:
        os.environ.update(credentials(), AWS_ENDPOINT_URL=cloud)
        _deployed(given.stage)
        _say("(stop with Ctrl-C)")
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


def _deployed(stage: str) -> None:
    address = deploy(stage)
    _say(f"Kehou is at {address}")
    link = first_link(stage)
    if link:
        _say(f"The first officer signs in here, once: {address}first/{link}")


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
