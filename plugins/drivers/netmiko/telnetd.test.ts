import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DeviceTarget } from "../../../src/plugin/index.ts";
import { context, newDriver } from "./test-session.ts";

const TELNETD = "/usr/sbin/telnetd";
const missing = !existsSync(TELNETD) || userInfo().uid !== 0;

/** Asks as login(1) does and starts a shell; no account of the machine is touched. */
const LOGIN = `#!/bin/sh
while :; do
  printf 'host login: '; read -r name
  printf 'Password: '; stty -echo; read -r word; stty echo; printf '\\n'
  if [ "$name" = admin ] && [ "$word" = letmein ]; then
    PS1='admin@host:~$ ' exec /bin/bash --noprofile --norc -i
  fi
  printf '\\nLogin incorrect\\n'
done
`;

describe.skipIf(missing)(
  "a real telnetd with a login (skipped where telnetd is not installed, or without root)",
  () => {
    const folder = missing ? "" : mkdtempSync(join(tmpdir(), "netpulse-telnetd-"));
    const children = new Set<ChildProcess>();
    let server: Server;
    let port = 0;

    beforeAll(async () => {
      const login = join(folder, "login.sh");
      writeFileSync(login, LOGIN);
      chmodSync(login, 0o755);
      // As inetd: the daemon gets the connection itself as its input and output.
      server = createServer({ pauseOnConnect: true }, (socket: Socket) => {
        const child = spawn(TELNETD, ["-E", login], { stdio: [socket, socket, "ignore"] });
        children.add(child);
        child.once("exit", () => socket.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      port = (server.address() as { port: number }).port;
    });

    afterAll(() => {
      for (const child of children) child.kill();
      server?.close();
      if (folder !== "") rmSync(folder, { recursive: true, force: true });
    });

    function target(password: string): DeviceTarget {
      return {
        name: "host",
        host: "127.0.0.1",
        port,
        credential: { username: "admin", password, data: {} },
        hostKeys: { policy: "Insecure" },
        args: { device_type: "linux_telnet" },
      };
    }

    test("login and commands", async () => {
      const driver = newDriver();
      const session = await driver.connect(target("letmein"), context());
      const echoed = await driver.executeCommand(session, { command: "printf 'one\\ntwo\\n'" }, context());
      expect(echoed.output).toBe("one\ntwo");
      await expect(
        driver.executeCommand(session, { command: "no-such-program" }, context()),
      ).rejects.toMatchObject({ code: "CommandRejected" });
      await driver.disconnect(session, context());
    });

    test("a wrong password is tried once", async () => {
      await expect(newDriver().connect(target("wrong"), context())).rejects.toMatchObject({
        code: "AuthFailed",
      });
    });
  },
);
