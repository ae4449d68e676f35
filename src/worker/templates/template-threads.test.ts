import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { TemplateThreads, type TemplateThreadsOptions } from "./template-threads.ts";

/** A parser that does what its template says. */
const PUPPET = `
import { BaseTemplateParser, BaseTemplateRenderer, z } from "netpulse/plugin";
const acts = {
  echo: (input) => ({ input }),
  count: () => (globalThis.calls = (globalThis.calls ?? 0) + 1),
  loop: () => { for (;;); },
  regex: (input) => /^(a+)+$/.test(input),
  hog: () => { const kept = []; for (;;) kept.push(new Array(1000).fill(Math.random())); },
  table: () => { const kept = new Map(); for (let i = 0; ; i++) kept.set("key " + i, i); },
  buffers: () => { const kept = []; for (let i = 0; i < 100; i++) kept.push(Buffer.alloc(1e7, 1)); for (;;); },
  exit: () => process.exit(3),
  leftover: () => new Promise(() => { Promise.reject(new Error("nobody waits for this")); }),
  throw: () => { throw Object.assign(new Error("no such value"), { line: 7 }); },
  wait: () => new Promise(() => {}),
  nothing: () => undefined,
  big: () => "x".repeat(2000),
  env: () => Object.keys(process.env),
};
export class Puppet extends BaseTemplateParser {
  static templateName = "puppet";
  optionsSchema = z.strictObject({ loud: z.boolean().default(false) });
  parse({ template, input, options }) { return template.text === "options" ? options : acts[template.text](input); }
}
export class PuppetRenderer extends BaseTemplateRenderer {
  static templateName = "puppet";
  optionsSchema = z.strictObject({});
  render({ template, context }) { return template.text + JSON.stringify(context); }
}
`;

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let directory: string;
let open: TemplateThreads[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "netpulse-templates-"));
  for (const [name, source] of [
    ["puppet", PUPPET],
    ["broken", "throw new Error('broken at import')"],
  ] as const) {
    mkdirSync(join(directory, "templates", name), { recursive: true });
    writeFileSync(join(directory, "templates", name, "index.mjs"), source);
  }
});
afterEach(async () => {
  await Promise.all(open.map((threads) => threads.close()));
  open = [];
});
afterAll(() => rmSync(directory, { recursive: true }));

function start(options: Partial<TemplateThreadsOptions> = {}): TemplateThreads {
  const threads = new TemplateThreads({
    directories: [directory],
    threads: 1,
    maxMemoryMiB: 64,
    maxOutputBytes: 1000,
    log: silent,
    ...options,
  });
  open.push(threads);
  return threads;
}

function parse(
  threads: TemplateThreads,
  act: string,
  { input = "", timeoutMs = 20_000, options = {}, signal = never } = {},
) {
  const template = { name: "inline", text: act };
  return threads.parse("puppet", { template, input, options }, { timeoutMs, signal });
}
const never = new AbortController().signal;

test("a parser's data and a renderer's text come back from the thread", async () => {
  const threads = start();
  expect(await parse(threads, "echo", { input: "Gi0/1 up" })).toEqual({ input: "Gi0/1 up" });
  const request = { template: { name: "inline", text: "hello " }, context: { vlan: 5 }, options: {} };
  expect(await threads.render("puppet", request, { timeoutMs: 20_000 })).toBe('hello {"vlan":5}');
});

test("a thread keeps what an engine has compiled from one task to the next", async () => {
  const threads = start();
  expect(await parse(threads, "count")).toBe(1);
  expect(await parse(threads, "count")).toBe(2);
});

test.each([
  ["loop", ""],
  ["regex", `${"a".repeat(60)}!`],
  ["wait", ""],
])(
  "a %s that does not come to an end is ended at its time limit, and the next task runs in a new thread",
  async (act, input) => {
    const threads = start();
    await expect(parse(threads, act, { input, timeoutMs: 100 })).rejects.toMatchObject({
      code: "TemplateTimeout",
      message: expect.stringContaining("inline was ended after 100 ms"),
    });
    expect(await parse(threads, "count")).toBe(1);
  },
);

test("ending one task does not touch the others that are running", async () => {
  const threads = start({ threads: 2 });
  await threads.ready();
  const stuck = parse(threads, "loop", { timeoutMs: 200 });
  const others = Array.from({ length: 20 }, (_, index) => parse(threads, "echo", { input: String(index) }));
  expect(await Promise.all(others)).toHaveLength(20);
  await expect(stuck).rejects.toMatchObject({ code: "TemplateTimeout" });
});

test("whatever happens to other tasks, each gets its own outcome", async () => {
  const acts = fc.array(fc.constantFrom("echo", "echo", "echo", "throw", "loop", "exit"), {
    minLength: 10,
    maxLength: 20,
  });
  await fc.assert(
    fc.asyncProperty(acts, async (picked) => {
      const threads = start({ threads: 2 });
      const codes = { throw: "ParseFailed", loop: "TemplateTimeout", exit: "TemplateThreadEnded" };
      const outcomes = await Promise.allSettled(
        picked.map((act, index) =>
          parse(threads, act, { input: `${index}`, timeoutMs: act === "loop" ? 20 : 20_000 }),
        ),
      );
      const expected = picked.map((act, index) =>
        act === "echo"
          ? { status: "fulfilled", value: { input: `${index}` } }
          : { status: "rejected", reason: { code: Reflect.get(codes, act) } },
      );
      expect(outcomes).toMatchObject(expected);
      await threads.close();
    }),
    { numRuns: 4 },
  );
});

// `table` doubles in single large allocations, which at V8's own limit would end the whole process.
test.each(["hog", "table", "buffers"])(
  "an engine that needs too much memory (%s) is ended, and the process lives on",
  async (act) => {
    const threads = start();
    await expect(parse(threads, act)).rejects.toMatchObject({
      code: "TemplateMemoryExceeded",
      message: "inline was ended because it needed more than 64 MiB of memory.",
    });
    expect(await parse(threads, "count")).toBe(1);
  },
);

test("an engine that ends its thread fails its task only", async () => {
  const threads = start();
  await expect(parse(threads, "exit")).rejects.toMatchObject({
    code: "TemplateThreadEnded",
    message: expect.stringContaining("code 3"),
  });
  await expect(parse(threads, "leftover")).rejects.toMatchObject({
    code: "TemplateThreadEnded",
    message: expect.stringContaining("nobody waits for this"),
  });
  expect(await parse(threads, "count")).toBe(1);
});

test("an error of the engine names template, line and reason", async () => {
  await expect(parse(start(), "throw")).rejects.toMatchObject({
    code: "ParseFailed",
    retry: "never",
    message: "inline, line 7: no such value",
  });
});

test("what is not JSON, and what is too long, is refused", async () => {
  const threads = start();
  await expect(parse(threads, "nothing")).rejects.toMatchObject({ code: "ParseFailed" });
  await expect(parse(threads, "big")).rejects.toMatchObject({
    code: "TemplateOutputTooLarge",
    message: "inline made 2002 bytes; 1000 are allowed.",
  });
});

test("options are completed by the engine's schema, unknown ones refused by name", async () => {
  const threads = start();
  expect(await parse(threads, "options")).toEqual({ loud: false });
  await expect(parse(threads, "options", { options: { lout: true } })).rejects.toMatchObject({
    code: "ParseFailed",
    message: expect.stringContaining("lout"),
  });
});

test("a cancelled task ends, whether it runs or waits", async () => {
  const threads = start();
  const [running, waiting] = [new AbortController(), new AbortController()];
  const first = parse(threads, "loop", { signal: running.signal });
  const second = parse(threads, "echo", { signal: waiting.signal });
  waiting.abort(new Error("job deleted"));
  await expect(second).rejects.toMatchObject({
    code: "TemplateAborted",
    message: "inline was stopped: job deleted.",
  });
  running.abort(new Error("deadline of the job"));
  await expect(first).rejects.toMatchObject({ code: "TemplateAborted" });
  await expect(parse(threads, "echo", { signal: running.signal })).rejects.toMatchObject({
    code: "TemplateAborted",
  });
});

test("an unknown engine and a broken plugin are told apart, and the broken one is reported", async () => {
  const invalid: string[] = [];
  const threads = start({
    onInvalid: (folder, location, reason) => invalid.push(`${folder} ${location} ${reason}`),
  });
  const request = { input: "", options: {} };
  const limits = { timeoutMs: 20_000 };
  await expect(threads.parse("nope", request, limits)).rejects.toMatchObject({ code: "PluginNotFound" });
  await expect(threads.parse("broken", request, limits)).rejects.toMatchObject({ code: "PluginInvalid" });
  expect(invalid).toEqual([`templates ${join(directory, "templates", "broken")} broken at import`]);
  expect(await parse(threads, "count")).toBe(1);
});

test("of the worker's environment engines see only what they know", async () => {
  vi.stubEnv("NET_TEXTFSM", "/srv/ntc-templates");
  vi.stubEnv("TZ", undefined);
  vi.stubEnv("TTP_TEMPLATES_DIR", undefined);
  vi.stubEnv("DEVICE_PASSWORD", "secret");
  expect(await parse(start(), "env")).toEqual(["NET_TEXTFSM"]);
  vi.unstubAllEnvs();
});

test("closing fails what runs and what waits, and takes no more", async () => {
  const threads = start();
  const [running, waiting] = [parse(threads, "wait"), parse(threads, "echo")];
  await threads.ready();
  const closed = threads.close();
  await expect(running).rejects.toMatchObject({ code: "TemplateAborted" });
  await expect(waiting).rejects.toMatchObject({ code: "TemplateAborted" });
  await closed;
  await expect(parse(threads, "echo")).rejects.toMatchObject({ code: "TemplateAborted" });
});
