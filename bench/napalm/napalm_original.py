"""Times NAPALM's getters over the replies that bench/napalm.ts names; no device, no network."""

import json
import sys
import time

from lxml import etree
from napalm import get_network_driver


class Eos:
    """Answers as pyeapi's node does: one decoded reply for each command."""

    def __init__(self, texts, decoded):
        self.replies = {name: json.loads(text) for name, text in texts.items()}
        self.texts = texts
        self.decoded = decoded

    def run_commands(self, commands, **_):
        if self.decoded:
            return [self.replies[command] for command in commands]
        return [json.loads(self.texts[command]) for command in commands]


class Ios:
    def __init__(self, texts):
        self.texts = texts

    def send_command(self, command, **_):
        return self.texts[command]


class Junos:
    """Answers as PyEZ's device does: an element for each remote procedure call."""

    ON_JUNOS = True
    hostname = "device"
    timeout = 60
    _use_filter = False
    transform = None

    def __init__(self, texts, facts, uptime, decoded):
        self.texts = texts
        self.decoded = decoded
        self.replies = {name: etree.fromstring(text) for name, text in texts.items()}
        self.facts = facts
        self.uptime = uptime

    @property
    def rpc(self):
        return self

    def __getattr__(self, name):
        text = self.__dict__["texts"].get(name.replace("_", "-"))
        if text is None:
            raise AttributeError(name)
        if self.decoded:
            return lambda **_: self.replies[name.replace("_", "-")]
        return lambda **_: etree.fromstring(text)


def device_of(case, decoded):
    if case["driver"] == "eos":
        return Eos(case["texts"], decoded)
    if case["driver"] == "ios":
        return Ios(case["texts"])
    return Junos(case["texts"], case["facts"], case["uptime"], decoded)


def seconds_per_call(case, runs, decoded):
    driver = get_network_driver(case["driver"])("device", "user", "password", optional_args={"config_lock": False})
    driver.device = device_of(case, decoded)
    if case["driver"] == "eos":
        driver._run_commands = lambda commands, **kwargs: driver.device.run_commands(commands, **kwargs)
    call = getattr(driver, case["getter"])
    call()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2]


with open(sys.argv[1], encoding="utf-8") as file:
    argument = json.load(file)
figures = {
    name: [seconds_per_call(case, argument["runs"], decoded) * 1000 for case in argument["cases"]]
    for name, decoded in (("decoded", True), ("fromText", False))
}
print(json.dumps(figures))
