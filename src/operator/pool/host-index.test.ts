import { expect, test } from "vitest";
import type { DevicePool } from "../../api/index.ts";
import { pool } from "../testing/objects.ts";
import { HostIndex } from "./host-index.ts";

function made(name: string, day: number, hosts: readonly [string, number?][]): DevicePool {
  const base = pool([]);
  return {
    metadata: { ...base.metadata, name, creationTimestamp: `2030-01-0${day}T00:00:00Z` },
    spec: {
      ...base.spec,
      devices: hosts.map(([host, port], n) => ({ name: `d${n}`, host, ...(port && { port }) })),
    },
  };
}

test("the pool that was made first keeps the address, in whatever order they are seen", () => {
  const [first, second] = [made("a", 2, [["10.0.0.1"]]), made("b", 1, [["10.0.0.1"]])];
  const index = new HostIndex();
  index.update(first);
  expect(index.update(second)).toEqual(new Set(["lab/a"]));
  expect(index.conflictsOf(first)).toEqual(new Map([["d0", "d0 of pool lab/b"]]));
  expect(index.conflictsOf(second)).toEqual(new Map());
});

test("a host name is the same in any case; another port is another device", () => {
  const index = new HostIndex();
  const first = made("a", 1, [["Router.example.net"]]);
  const second = made("b", 2, [["router.example.NET"], ["router.example.net", 2222]]);
  index.update(first);
  index.update(second);
  expect([...index.conflictsOf(second).keys()]).toEqual(["d0"]);
});

test("a device that a pool has twice is in conflict with itself", () => {
  const index = new HostIndex();
  const twice = made("a", 1, [["10.0.0.1"], ["10.0.0.1"]]);
  index.update(twice);
  expect([...index.conflictsOf(twice).keys()]).toEqual(["d1"]);
});

test("when the first pool gives the address up, the next has it", () => {
  const index = new HostIndex();
  const later = made("b", 2, [["10.0.0.1"]]);
  index.update(made("a", 1, [["10.0.0.1"]]));
  index.update(later);
  expect(index.update(made("a", 1, [["10.0.0.2"]]))).toEqual(new Set(["lab/b"]));
  expect(index.conflictsOf(later)).toEqual(new Map());
  expect(index.remove("lab/a")).toEqual(new Set());
});
