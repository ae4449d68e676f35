import { once } from "node:events";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { CommandLine } from "./command-line.ts";
import { type DeviceTypes, parseOptions, startFakeDevice } from "./index.ts";
import { KeyInput } from "./key-input.ts";
import { serve } from "./terminal.ts";

const switchType = {
  no_enable: false,
  prompt: { example_prompts: { user: "dev1>", enable: "dev1#", config: "dev1(config)#" } },
  session_preparation: { paging_commands: ["terminal length 0"], run: { dialogue: [] } },
  enable: { command: "enable", exit_command: "disable" },
  config: {
    enter_command: "configure terminal",
    exit_command: "end",
    run_enter: { dialogue: [] },
  },
  save: { run: { dialogue: [{ send: "write\n" }, { expect: "ok" }, { synth: "Saved ok" }] } },
  commit: {},
};
const types: DeviceTypes = {
  types: new Map([["acme", switchType]]),
  responses: { acme: { "re:^show v": "V1" } },
};

async function play(typed: string, options = "") {
  const input = new KeyInput();
  let screen = "";
  const received: string[] = [];
  const parsed = parseOptions(options);
  const served = serve({
    commandLine: new CommandLine("acme", types, parsed),
    options: parsed,
    input,
    write: (text) => {
      screen += text;
    },
    record: ({ mode, line, pending }) => received.push(`${mode} ${line}${pending ? ` (${pending})` : ""}`),
  });
  input.push(typed);
  input.end();
  await served;
  return { screen, received };
}

test("mode commands change the prompt, and every line is recorded with its mode", async () => {
  const { screen, received } = await play("enable\nconfigure terminal\nvlan 1\nend\n");
  expect(received).toEqual(["user enable", "enable configure terminal", "config vlan 1", "config end"]);
  expect(screen).toBe(
    "\r\ndev1>enable\r\ndev1#configure terminal\r\ndev1(config)#vlan 1\r\ndev1(config)#end\r\ndev1#",
  );
});

test("enable with a password takes only the right one and does not echo it", async () => {
  const { screen, received } = await play("enable\nwrong\nenable\nsecret\n", "pw=1");
  expect(received).toEqual(["user enable", "user wrong (password)", "user enable", "user secret (password)"]);
  expect(screen).toContain("% Bad secrets");
  expect(screen).not.toContain("wrong");
  expect(screen.endsWith("dev1#")).toBe(true);
});

test("a carriage return with a line feed is one Enter", async () => {
  expect((await play("a\r\nb\r\n")).received).toEqual(["user a", "user b"]);
});

test("a recorded answer comes first, then the given ones", async () => {
  const { screen } = await play("write\nshow vlan\n");
  expect(screen).toContain("write\r\nSaved ok\r\ndev1>");
  expect(screen).toContain("show vlan\r\nV1\r\ndev1>");
});

test("long output stops for a key until the paging command", async () => {
  expect((await play("show version\n q", "pager=1")).screen).toContain(" --More-- ");
  expect((await play("terminal length 0\nshow version\n", "pager=1")).screen).not.toContain("--More--");
});

test("a save asks, and the next line is its answer", async () => {
  const { received } = await play("write\n\nshow clock\n", "confirm=1");
  expect(received).toEqual(["user write", "user  (question)", "user show clock"]);
});

test("Telnet clients log in with user name and password before the session", async () => {
  await using device = await startFakeDevice(types, "acme", { telnet: true });
  const socket = connect(device.port, "127.0.0.1");
  let screen = "";
  socket.on("data", (data) => {
    screen += data.toString();
    if (screen.endsWith("Username: ")) socket.write("me\r\n");
    if (screen.endsWith("Password: ")) socket.write(Buffer.from([255, 251, 24, ...Buffer.from("pass\r\n")]));
    if (screen.endsWith("dev1>")) socket.end("exit\r\n");
  });
  await once(socket, "close");
  await device.settled(AbortSignal.timeout(2000));
  expect(device.received().map(({ line }) => line)).toEqual(["exit"]);
});
