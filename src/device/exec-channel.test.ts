import { expect, onTestFinished, test } from "vitest";
import { connectSsh } from "./ssh.ts";
import { noSshd, startSshd } from "./transfer/testing/sshd.ts";

test.skipIf(noSshd)(
  "programs run side by side on one connection, with their streams apart (skipped where sshd is not installed)",
  async () => {
    const { stop, port, fingerprint, username, privateKey } = await startSshd();
    onTestFinished(stop);
    const connection = await connectSsh({
      device: "host",
      host: "127.0.0.1",
      port,
      credential: { username, privateKey, data: {} },
      hostKeys: { policy: "Strict", fingerprints: [fingerprint] },
      limits: { connectMs: 5000, bannerMs: 5000, authMs: 5000 },
      algorithms: "modern",
    });
    onTestFinished(() => connection.close());
    const heard: string[] = [];
    const first = await connection.exec("read line; echo got $line");
    first.onOutput((stream, chunk) => heard.push(`${stream} ${chunk}`));
    const second = await connection.exec("echo two >&2; exit 2");
    second.onOutput((stream, chunk) => heard.push(`${stream} ${chunk}`));
    expect(await second.exit).toEqual({ status: 2 });
    first.write("one\n");
    first.end();
    expect(await first.exit).toEqual({ status: 0 });
    expect(heard).toEqual(["stderr two\n", "stdout got one\n"]);
    expect(await connection.ping()).toBe(true);
    connection.close();
    await connection.closed;
    expect(await connection.ping()).toBe(false);
  },
);
