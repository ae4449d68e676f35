"""Paramiko's short commands: paramiko_commands.py JSON-FILE -> seconds."""
import json
import sys
import time

import paramiko

with open(sys.argv[1], encoding="utf-8") as file:
    job = json.load(file)

client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
client.connect("127.0.0.1", port=job["port"], username=job["username"], key_filename=job["key"], look_for_keys=False, allow_agent=False)


def run():
    _, stdout, stderr = client.exec_command("echo done")
    text, said, status = stdout.read(), stderr.read(), stdout.channel.recv_exit_status()
    assert (text, said, status) == (b"done\n", b"", 0)


run()
began = time.perf_counter()
for _ in range(job["times"]):
    run()
print(time.perf_counter() - began)
client.close()
