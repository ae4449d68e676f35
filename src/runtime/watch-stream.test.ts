import fc from "fast-check";
import { expect, test } from "vitest";
import { isGone } from "./api-error.ts";
import type { KubernetesObject } from "./objects.ts";
import { LineSplitter, WatchStream } from "./watch-stream.ts";

test("however bytes are cut, the lines are the same", () => {
  const line = fc.string({ unit: "binary", minLength: 1 }).map((text) => JSON.stringify({ text }));
  fc.assert(
    fc.property(
      fc.array(line),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
      (lines, sizes) => {
        let bytes = Buffer.from(lines.map((each) => `${each}\n`).join(""));
        const splitter = new LineSplitter();
        const got: string[] = [];
        for (let i = 0; bytes.length > 0; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          got.push(...splitter.push(bytes.subarray(0, size)));
          bytes = bytes.subarray(size);
        }
        expect(got).toEqual(lines);
      },
    ),
  );
});

function open() {
  const calls: string[] = [];
  const stream = new WatchStream<KubernetesObject>().attach({
    pause: () => calls.push("pause"),
    resume: () => calls.push("resume"),
    close: () => calls.push("close"),
  });
  return { stream, calls };
}

const event = (name: string) =>
  Buffer.from(`${JSON.stringify({ type: "ADDED", object: { metadata: { name } } })}\n`);

test("what came before the end or a failure is read first", async () => {
  const { stream } = open();
  stream.data(event("a"));
  stream.data(event("b"));
  stream.end(new Error("reset"));
  const names: (string | undefined)[] = [];
  const reading = (async () => {
    for await (const { object } of stream) names.push(object.metadata.name);
  })();
  await expect(reading).rejects.toThrow("reset");
  expect(names).toEqual(["a", "b"]);
});

test("a line that the end cut off is dropped", async () => {
  const { stream } = open();
  stream.data(event("a"));
  stream.data(event("b").subarray(0, 20));
  stream.end();
  expect([(await stream.next()).value?.object.metadata.name, (await stream.next()).done]).toEqual([
    "a",
    true,
  ]);
});

test("an ERROR event ends the watch and closes its connection", async () => {
  const { stream, calls } = open();
  const status = { kind: "Status", code: 410, reason: "Expired", message: "too old" };
  stream.data(Buffer.from(`${JSON.stringify({ type: "ERROR", object: status })}\n${event("late")}`));
  expect(await stream.next().catch(isGone)).toBe(true);
  expect([(await stream.next()).done, calls]).toEqual([true, ["close"]]);
});

test.each(["not json", "null", '{"type":"SURPRISE","object":{}}'])(
  "the line %j fails the watch",
  async (line) => {
    const { stream } = open();
    stream.data(Buffer.from(`${line}\n`));
    await expect(stream.next()).rejects.toThrow(/watch/);
  },
);

test("a slow reader makes the server wait, and none of its events is lost", async () => {
  const { stream, calls } = open();
  for (let i = 0; i < 1500; i++) stream.data(event(`${i}`));
  expect(calls).toEqual(["pause"]);
  for (let i = 0; i < 1500; i++) expect((await stream.next()).value?.object.metadata.name).toBe(`${i}`);
  expect(calls).toEqual(["pause", "resume"]);
});

test("leaving the loop closes the connection", async () => {
  const { stream, calls } = open();
  stream.data(event("a"));
  for await (const _ of stream) break;
  expect([calls, (await stream.next()).done]).toEqual([["close"], true]);
});
