import { createServer, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { DeviceTarget } from "../../../../src/plugin/index.ts";
import { Device } from "../../../../src/simulator/device.ts";
import { Session } from "../../../../src/simulator/session.ts";
import { context } from "../../netmiko/test-session.ts";
import { NapalmDriver } from "../index.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A router behind a Telnet login, as `login` on its terminal lines asks. */
async function router(): Promise<{ device: Device; port: number }> {
  const device = new Device("cisco_ios", { startMode: "privileged" });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.write("User Access Verification\r\n\r\nUsername: ");
    let session: Session | undefined;
    let line = "";
    let name = "";
    socket.on("data", (data) => {
      const text = data.toString("latin1");
      if (session) return session.input(text);
      for (const letter of text.replaceAll("\r\n", "\n")) {
        if (letter !== "\n" && letter !== "\r") line += letter;
        else if (name === "") {
          name = line;
          line = "";
          socket.write("\r\nPassword: ");
        } else if (line !== "" && !session) {
          const terminal = { write: (said: string) => void socket.write(said), end: () => void socket.end() };
          session = new Session(device, terminal, 1, name);
          session.start();
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return { device, port: typeof address === "object" && address ? address.port : 0 };
}

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const driver = new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => 0);
const target = (port: number, hostKeys: DeviceTarget["hostKeys"]): DeviceTarget => ({
  name: "r1",
  host: "127.0.0.1",
  port,
  credential: { username: "admin", password: "admin", data: {} },
  hostKeys,
  args: { platform: "ios", transport: "telnet" },
});

test("over Telnet getters answer and files go inline, though nobody said so", async () => {
  const { device, port } = await router();
  const session = await driver.connect(target(port, { policy: "Insecure" }), context());
  closers.push(() => driver.disconnect(session, context()));
  const call = (method: string, args: Record<string, unknown> = {}) =>
    driver.call(session, { method, args }, context());
  expect(await call("get_facts")).toMatchObject({ hostname: "ios1" });
  await call("load_merge_candidate", { config: "hostname r2\n" });
  await call("commit_config");
  expect(device.runningText()).toContain("hostname r2\n");
});

test("Telnet is refused where the pool wants hosts to prove who they are", async () => {
  const { port } = await router();
  const strict = target(port, { policy: "Strict", fingerprints: [] });
  await expect(driver.connect(strict, context())).rejects.toMatchObject({ code: "TelnetNotAllowed" });
});
