"""Every setting that is read from the environment, and what it sets."""

from collections.abc import Mapping

EVERYWHERE: Mapping[str, str] = {
    "KEHOU_GATEWAY": "the address of an HTTP gateway for text messages; without it they stay in the"
    " outbox, in the cloud SNS sends them",
    "KEHOU_ADDRESS": "where people reach it, such as https://kehou.example.cn: links in messages"
    " lead there, whatever a request says; without it in the cloud to where a request came",
    "KEHOU_GATEWAY_TOKEN": "the gateway's password, sent as a bearer token",
    "KEHOU_NO_PLUGINS": "plugins to start without: `1` for all of them, or their ids separated by"
    " commas; their open cases wait",
}
ONE_MACHINE: Mapping[str, str] = {
    "KEHOU_FOLDER": "where `serve` and `tick` keep the data; `var` without it",
    "KEHOU_PLUGINS": "folders with further plugins, separated like a path",
    "KEHOU_PROXIES": "how many web servers stand in front and say the visitor's address; 0 without"
    " it",
}
CLOUD: Mapping[str, str] = {
    "KEHOU_TABLE": "the table of the stack; set by the deployment",
    "KEHOU_BUCKET": "the bucket of the stack; set by the deployment",
    "KEHOU_KEY": "the master key of the stack; set by the deployment",
    "KEHOU_COUNTRY": "what precedes each number where SNS sends; `+86` without it",
    "KEHOU_DEMO": "`1`: fictional phone numbers and one-click roles; never where real people"
    " register",
}
