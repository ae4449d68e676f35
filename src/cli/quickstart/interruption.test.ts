import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { Interruption } from "./interruption.ts";

function setUp() {
  const exits: number[] = [];
  const fake = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
  let now = 0;
  const interruption = new Interruption(fake as unknown as NodeJS.Process, () => now);
  return { fake, exits, interruption, at: (ms: number) => (now = ms) };
}

test("Ctrl-C that arrives twice by way of npm asks for the end once; a later one ends at once", async () => {
  const { fake, exits, interruption, at } = setUp();
  fake.emit("SIGINT");
  at(50);
  fake.emit("SIGINT");
  await interruption.happened;
  expect(exits).toEqual([]);
  expect(interruption.signal.aborted).toBe(true);

  at(5_000);
  fake.emit("SIGINT");
  expect(exits).toEqual([130]);
});

test("a failure of what runs beside ends the wait with its error, and is no request", async () => {
  const { interruption } = setUp();
  interruption.fail(new Error("etcd ended"));

  await expect(interruption.happened).rejects.toThrow("etcd ended");
  expect(interruption.isAskedFor).toBe(false);
});

test("afterwards signals have their usual effect", () => {
  const { fake, interruption } = setUp();
  interruption.end();

  expect(fake.listenerCount("SIGINT")).toBe(0);
});
