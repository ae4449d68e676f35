import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { WorkerFileSink } from "./file-sink.ts";

function place() {
  const folder = mkdtempSync(join(tmpdir(), "netpulse-sink-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "x.log");
  return {
    folder,
    path,
    sink: (limitBytes?: number) =>
      new WorkerFileSink(path, { mode: 0o644, ...(limitBytes && { limitBytes }) }),
  };
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("the old file stays until the new one is complete", async () => {
  const { folder, path, sink } = place();
  writeFileSync(path, "old");
  const file = sink();
  expect((await file.existing())?.size).toBe(3);
  expect(await file.open("content 1")).toBe(0);
  await file.append(Buffer.from("new "));
  await file.append(Buffer.from("content"));
  expect(readFileSync(path, "utf8")).toBe("old");
  expect(await file.received().digest("sha256")).toBe(sha256("new content"));
  await file.commit();
  expect(readFileSync(path, "utf8")).toBe("new content");
  expect(readdirSync(folder)).toEqual(["x.log"]);
});

test("what was kept of the same content is gone on with; of other content it is cleared away", async () => {
  const { folder, path, sink } = place();
  const first = sink();
  await first.open("content 1");
  await first.append(Buffer.from("one"));
  await first.abandon(true);
  expect(readdirSync(folder)).toHaveLength(1);

  const again = sink();
  expect(await again.open("content 1")).toBe(3);
  await again.append(Buffer.from(" two"));
  expect(await again.received().digest("sha256")).toBe(sha256("one two"));
  await again.abandon(true);

  const other = sink();
  expect(await other.open("content 2")).toBe(0);
  await other.append(Buffer.from("other"));
  await other.commit();
  expect(readdirSync(folder)).toEqual(["x.log"]);
  expect(readFileSync(path, "utf8")).toBe("other");
});

test("what is of no use is removed, and what is too much is refused", async () => {
  const { folder, sink } = place();
  const file = sink(4);
  await file.open("content");
  await file.append(Buffer.from("1234"));
  await expect(file.append(Buffer.from("5"))).rejects.toMatchObject({ code: "TransferTooLarge" });
  await file.abandon(false);
  expect(readdirSync(folder)).toEqual([]);
});
