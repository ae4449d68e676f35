"""Netmiko and scrapli against the same simulated device: drivers.py PORT -> one JSON object with seconds per step."""
import json
import statistics
import sys
import time

port = int(sys.argv[1])
lines = [f"ip route 10.{i >> 8}.{i & 255}.0 255.255.255.0 10.0.0.9" for i in range(500)]
result = {}


def timed(run, times):
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


try:
    from netmiko import ConnectHandler

    login = dict(device_type="cisco_ios", host="127.0.0.1", port=port, username="admin", password="admin")
    result["netmiko connect"] = timed(lambda: ConnectHandler(**login).disconnect(), 3)
    session = ConnectHandler(**login)
    result["netmiko show"] = timed(lambda: session.send_command("show version"), 10)
    result["netmiko config"] = timed(lambda: session.send_config_set(lines, read_timeout=60), 1)
    session.disconnect()
except ImportError as missing:
    result["netmiko missing"] = str(missing)

try:
    from scrapli import AuthOptions, Cli, SessionOptions  # noqa: F401
    from scrapli.transport import Ssh2Options

    def open_scrapli():
        cli = Cli(
            definition_file_or_name="cisco_iosxe",
            host="127.0.0.1",
            port=port,
            auth_options=AuthOptions(username="admin", password="admin"),
            transport_options=Ssh2Options(),
        )
        cli.open()
        return cli

    def connect_scrapli():
        open_scrapli().close()

    result["scrapli connect"] = timed(connect_scrapli, 3)
    cli = open_scrapli()
    result["scrapli show"] = timed(lambda: cli.send_input(input_="show version"), 10)
    result["scrapli config"] = timed(lambda: cli.send_inputs(inputs=lines, requested_mode="configuration"), 1)
    cli.close()
except Exception as failure:  # the comparison is optional
    result["scrapli missing"] = repr(failure)[:300]

print(json.dumps(result))
