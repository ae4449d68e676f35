"""Fake devices of the named platforms on the loopback: prints their ports as JSON, ends with its input."""

import json
import socket
import sys

from fakenos import FakeNOS


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


ports = {platform: free_port() for platform in sys.argv[1:]}
hosts = {
    platform: {"port": port, "platform": platform, "username": "user", "password": "user"}
    for platform, port in ports.items()
}
server = {"plugin": "ParamikoSshServer", "configuration": {"address": "127.0.0.1", "timeout": 1}}
network = FakeNOS({"default": {"server": server}, "hosts": hosts})
network.start()
print(json.dumps(ports), flush=True)
sys.stdin.read()
network.stop()
