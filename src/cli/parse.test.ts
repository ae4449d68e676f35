import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { parseCommand } from "./parse.ts";

const TEMPLATE =
  "Value NAME (\\S+)\nValue STATE (up|down)\n\nStart\n  ^port $NAME is $STATE -> Record\n  ^. -> Error\n";

let folder = "";
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "netpulse-parse-"));
  writeFileSync(at("ports.textfsm"), TEMPLATE);
  writeFileSync(
    at("index"),
    "Template, Hostname, Platform, Command\nports.textfsm, .*, acme_os, sh[[ow]] po[[rts]]\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = 0;
});

/** Runs the command with its text on stdin; what it prints comes back. */
async function run(args: string[], input = "", signal = new AbortController().signal) {
  let out = "";
  let err = "";
  const streams = {
    stdin: Readable.from([input]),
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    signal,
  };
  const command = parseCommand(streams).exitOverride();
  command.configureOutput({ writeErr: streams.err, writeOut: streams.out });
  await command.parseAsync(args, { from: "user" }).catch(() => {});
  return { out, err, exitCode: process.exitCode };
}

describe("netpulse parse", () => {
  test("prints rows as JSON, YAML or a table", async () => {
    const args = ["textfsm", "-t", at("ports.textfsm")];
    const input = "port a is up\nport bb is down\n";
    expect(JSON.parse((await run(args, input)).out)).toEqual([
      { name: "a", state: "up" },
      { name: "bb", state: "down" },
    ]);
    expect((await run([...args, "-o", "yaml"], input)).out).toBe(
      "- name: a\n  state: up\n- name: bb\n  state: down\n",
    );
    expect((await run([...args, "-o", "table"], input)).out).toBe("NAME  STATE\na     up\nbb    down\n");
  });

  test("runs TTP templates too", async () => {
    writeFileSync(at("ports.ttp"), "port {{ name }} is {{ state }}\n");
    const { out } = await run(
      ["ttp", "-t", at("ports.ttp"), "-o", "table"],
      "port a is up\nport b is down\n",
    );
    expect(out).toBe("NAME  STATE\na     up\nb     down\n");
  });

  test("finds the template by platform and command", async () => {
    const args = ["textfsm", "--platform", "acme_os", "--command", "sh po", "--library", folder];
    expect(JSON.parse((await run(args, "port a is up\n")).out)).toEqual([{ name: "a", state: "up" }]);
  });

  test("shows where a template is wrong", async () => {
    writeFileSync(at("broken.textfsm"), TEMPLATE.replace("is $STATE", "is ($STATE"));
    const { err, exitCode } = await run(["textfsm", "-t", at("broken.textfsm")]);
    expect(exitCode).toBe(1);
    expect(err).toContain("  5 |   ^port $NAME is ($STATE -> Record\n");
    expect(err).toContain(
      "  1 | ^port (?P<NAME>\\S+) is ((?P<STATE>up|down)\n    |                        ^\n",
    );
  });

  test("shows the input line that met an Error, and how far the closest rule matched", async () => {
    const { err, exitCode } = await run(
      ["textfsm", "-t", at("ports.textfsm")],
      "port a is up\nport b is odd\n",
    );
    expect(exitCode).toBe(1);
    expect(err).toContain("  2 | port b is odd\n    |           ^\n");
    expect(err).toContain("  5 |   ^port $NAME is $STATE -> Record");
  });

  test("passes options to the engine, and refuses those it does not know", async () => {
    const args = ["textfsm", "-t", at("ports.textfsm")];
    const lenient = await run([...args, "--option", "lenient=true"], "port a is up\nodd\n");
    expect(JSON.parse(lenient.out)).toEqual([{ name: "a", state: "up" }]);
    const unknown = await run([...args, "--option", "lenientt=true"]);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.err).toContain("lenientt");
  });

  test.each([
    [["textfsm"], "give a template with -t, or --platform and --command"],
    [["textfsm", "--platform", "x"], "--platform and --command belong together"],
    [["textfsm", "-t", "x", "--watch"], "--watch needs the device output in a file: -i FILE"],
    [["awk"], "'awk' is invalid for argument 'engine'"],
  ])("%j is refused: %s", async (args, message) => {
    const { err, out } = await run(args);
    expect(err).toContain(message);
    expect(out).toBe("");
  });

  test("--lint prints what the linter finds and does not wait for input", async () => {
    const clean = await run(["textfsm", "-t", at("ports.textfsm"), "--lint"]);
    expect(clean).toEqual({ out: "", err: "", exitCode: 0 });
    writeFileSync(at("unused.textfsm"), TEMPLATE.replace("Value STATE", "Value SPARE (x)\nValue STATE"));
    const { out, exitCode } = await run(["textfsm", "-t", at("unused.textfsm"), "--lint"]);
    expect(exitCode).toBe(1);
    expect(out).toBe(`${at("unused.textfsm")}:2: unused-value: No rule sets the value SPARE.\n`);
  });

  test("with --watch it parses again after a change, until it is ended", async () => {
    writeFileSync(at("input.txt"), "port a is up\n");
    const end = new AbortController();
    let out = "";
    const streams = {
      stdin: Readable.from([]),
      out: (text: string) => {
        out += text;
        if (out.includes("changed")) end.abort();
        else if (out.includes('"a"')) writeFileSync(at("input.txt"), "port changed is up\n");
      },
      err: () => {},
      signal: end.signal,
    };
    const args = ["textfsm", "-t", at("ports.textfsm"), "-i", at("input.txt"), "--watch"];
    await parseCommand(streams).parseAsync(args, { from: "user" });
    expect(out).toContain('"changed"');
  });
});
