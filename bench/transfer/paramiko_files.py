"""Paramiko's own SFTP: paramiko_files.py JSON-FILE -> one JSON object with seconds per step."""
import json
import statistics
import sys
import time

import paramiko

with open(sys.argv[1], encoding="utf-8") as file:
    job = json.load(file)


def connect():
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(
        "127.0.0.1",
        port=job["port"],
        username=job["username"],
        key_filename=job["key"],
        allow_agent=False,
        look_for_keys=False,
    )
    return client


def timed(run):
    taken = []
    for _ in range(job["rounds"]):
        began = time.perf_counter()
        client = connect()
        run(client.open_sftp())
        client.close()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


print(
    json.dumps(
        {
            "version": paramiko.__version__,
            "put": timed(lambda sftp: sftp.put(job["source"], job["target"])),
            "get": timed(lambda sftp: sftp.get(job["source"], job["target"])),
        }
    )
)
