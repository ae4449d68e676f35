"""Paramiko's short commands: commands.py PORT USER KEY_FILE TIMES -> seconds."""
import sys
import time

try:
    import paramiko
except ImportError:
    sys.exit("paramiko is not installed")

port, user, key, times = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
client.connect("127.0.0.1", port=port, username=user, key_filename=key, look_for_keys=False, allow_agent=False)


def run():
    _, stdout, stderr = client.exec_command("echo done")
    text, said, status = stdout.read(), stderr.read(), stdout.channel.recv_exit_status()
    assert (text, said, status) == (b"done\n", b"", 0)


run()
began = time.perf_counter()
for _ in range(times):
    run()
print(time.perf_counter() - began)
client.close()
