import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renderCommand } from "./render.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "render-"));
});
afterEach(() => {
  process.exitCode = undefined;
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(...args: string[]): Promise<{ out: string; err: string }> {
  let out = "";
  let err = "";
  const command = renderCommand({
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    signal: new AbortController().signal,
  });
  await command.parseAsync(["jinja2", ...args], { from: "user" });
  return { out, err };
}

test("variables come from files and from the command line, the later winning; a float stays a float", async () => {
  const template = file("base.j2", "{{ hostname }} {{ ntp.server }} {{ version }} {{ vlans }}");
  const common = file("common.yaml", "hostname: none\nntp: {server: 10.0.0.1, port: 123}\nversion: 1.0\n");
  const device = file("r1.yaml", "hostname: r1\nvlans: [10, 0x14]\n");
  expect(await run("-t", template, "-c", common, "-c", device, "--set", "ntp.server=10.0.0.2")).toEqual({
    out: "r1 10.0.0.2 1.0 [10, 20]",
    err: "",
  });
});

test("an error shows the line of the template with a caret and ends with exit code 1", async () => {
  const template = file("base.j2", "hostname r1\n mtu {{ mtu }}\n");
  const { out, err } = await run("-t", template);
  expect(out).toBe("");
  expect(err).toBe(
    "error: base.j2, line 2: UndefinedError: 'mtu' is undefined\n  2 |  mtu {{ mtu }}\n    |         ^\n",
  );
  expect(process.exitCode).toBe(1);
});

test("a template includes its neighbours, and the text can go to a file", async () => {
  file("inc.j2", "included");
  const template = file("base.j2", '{% include "inc.j2" %}');
  const output = join(folder, "r1.cfg");
  expect(await run("-t", template, "-o", output)).toEqual({ out: "", err: "" });
  expect(readFileSync(output, "utf8")).toBe("included");
});

test("Ansible's filters and the engine's options can be switched on", async () => {
  const template = file(
    "base.j2",
    "{% if true %}\n{{ '10.0.0.1/24' | ansible.utils.ipaddr('network') }}\n{% endif %}\n",
  );
  expect((await run("-t", template, "--ansible", "--option", "trim_blocks=true")).out).toBe("10.0.0.0\n");
  expect((await run("-t", template, "--option", "trim_block=true")).err).toContain("trim_block");
});
