import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ApiClient } from "./client.ts";
import { FakeClock } from "./clock.ts";
import { Informer, type InformerOptions } from "./informer.ts";
import { keyOf } from "./objects.ts";
import { FakeApiServer, type Intercept, refuse, until, type Widget } from "./testing/fake-api-server.ts";
import { clientOf, widgets } from "./testing/widgets.ts";

let server: FakeApiServer;
let client: ApiClient;
let stop: AbortController;
let running: Promise<void>[];
let told: string[];

beforeEach(async () => {
  server = await FakeApiServer.start();
  client = clientOf(server);
  stop = new AbortController();
  running = [];
  told = [];
});

afterEach(async () => {
  stop.abort();
  await Promise.all(running);
  await client.close();
  await server.stop();
});

/** An informer that fails fast and notes what it is told as "added a", and so on. */
function follow(options: InformerOptions<Widget> = {}): Informer<Widget> {
  const timing = { backOffMs: 1, maxBackOffMs: 20, ...options.timing };
  const informer = new Informer(client, widgets, { ...options, timing });
  informer.on(({ type, object }) => told.push(`${type} ${object.metadata.name}`));
  running.push(informer.run(stop.signal));
  return informer;
}

async function synced(options: InformerOptions<Widget> = {}): Promise<Informer<Widget>> {
  const informer = follow(options);
  await informer.synced();
  await until("it watches", () => server.openWatches > 0);
  return informer;
}

const isCurrent = (informer: Informer<Widget>) => () => {
  const here = informer.list().map((object) => `${keyOf(object)} ${object.metadata.resourceVersion}`);
  const there = [...server.objects.values()].map(
    (object) => `${keyOf(object)} ${object.metadata.resourceVersion}`,
  );
  return JSON.stringify(here.sort()) === JSON.stringify(there.sort());
};

test("it lists from the server's cache, then watches with bookmarks and a time drawn from five to ten minutes", async () => {
  server.put("widgets", "a");
  const informer = await synced({
    namespace: "default",
    labelSelector: "x=1",
    fieldSelector: "spec.size=1",
    random: () => 0.5,
  });
  expect(informer.hasSynced).toBe(true);
  const [list, watch] = server.requests.map(({ url }) => url.pathname + url.search);
  const path = "/apis/example.com/v1/namespaces/default/widgets";
  expect(list).toBe(`${path}?labelSelector=x%3D1&fieldSelector=spec.size%3D1&resourceVersion=0`);
  expect(watch).toBe(
    `${path}?watch=true&labelSelector=x%3D1&fieldSelector=spec.size%3D1&resourceVersion=${server.version}&timeoutSeconds=450&allowWatchBookmarks=true`,
  );
});

test("handlers are told of each change once, with the object before", async () => {
  server.put("widgets", "a", { size: 1 });
  const informer = await synced();
  const changes: unknown[] = [];
  informer.on((change) =>
    changes.push([
      change.type,
      change.previous?.spec?.size,
      change.object.spec?.size,
      change.initial ?? false,
    ]),
  );
  server.copies = 2;
  server.put("widgets", "a", { size: 2 });
  server.put("widgets", "b", { size: 3 });
  server.remove("widgets", "a");
  await until("all is told", () => changes.length >= 4);
  expect(changes).toEqual([
    ["added", undefined, 1, true],
    ["updated", 1, 2, false],
    ["added", undefined, 3, false],
    ["deleted", 2, 2, false],
  ]);
  expect(told).toEqual(["added a", "updated a", "added b", "deleted a"]);
});

test("an index follows its objects", async () => {
  const informer = await synced({ indexes: { size: (widget) => [`${widget.spec?.size}`] } });
  const names = (size: string) => informer.by("size", size).map(({ metadata }) => metadata.name);
  server.put("widgets", "a", { size: 1 });
  server.put("widgets", "b", { size: 1 });
  server.put("widgets", "c", { size: 2 });
  await until("all are here", () => informer.size === 3);
  expect([names("1"), names("2"), names("3")]).toEqual([["a", "b"], ["c"], []]);
  server.put("widgets", "a", { size: 3 });
  server.remove("widgets", "b");
  await until("the changes are here", () => informer.size === 2);
  expect([names("1"), names("2"), names("3")]).toEqual([[], ["c"], ["a"]]);
  expect(() => informer.by("colour", "red")).toThrow('There is no index "colour"');
});

test("managedFields and the last applied configuration are not kept", async () => {
  const object = server.put("widgets", "a");
  object.metadata.managedFields = [{ manager: "kubectl" }];
  object.metadata.annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", keep: "this" };
  const informer = await synced();
  expect(JSON.parse(JSON.stringify(informer.get("default/a")?.metadata))).toEqual({
    name: "a",
    namespace: "default",
    uid: expect.any(String),
    resourceVersion: expect.any(String),
    annotations: { keep: "this" },
  });
});

test("a handler that throws is counted, and neither others nor later changes suffer", async () => {
  const informer = await synced();
  informer.on(() => {
    throw new Error("a defect");
  });
  const after: string[] = [];
  informer.on(({ object }) => after.push(`${object.metadata.name}`));
  server.put("widgets", "a");
  server.put("widgets", "b");
  await until("both are told", () => after.length === 2);
  expect([told, after, informer.faults.handler]).toEqual([["added a", "added b"], ["a", "b"], 2]);
});

describe("faults of the connection", () => {
  test("a dropped watch goes on from where it was, without a list", async () => {
    const informer = await synced();
    server.put("widgets", "a");
    await until("a is here", () => informer.size === 1);
    server.dropWatches();
    server.put("widgets", "b");
    await until("b is here", () => informer.size === 2);
    expect(told).toEqual(["added a", "added b"]);
    expect(server.requests.filter(({ url }) => !url.searchParams.has("watch")).length).toBe(1);
  });

  test("a watch that the server ends is made again at once", async () => {
    const informer = await synced({ timing: { backOffMs: 60_000, maxBackOffMs: 60_000, healthyMs: 0 } });
    for (const name of ["a", "b", "c"]) {
      server.endWatches();
      server.put("widgets", name);
      await until(`${name} is here`, () => informer.get(`default/${name}`) !== undefined);
    }
  });

  test("a server that ends every watch at once is not asked in a tight loop", async () => {
    const clock = new FakeClock();
    server.intercepts.push((request, response) => {
      if (!request.url?.includes("watch=true")) return false;
      response.writeHead(200).end();
      return true;
    });
    const informer = follow({
      clock,
      random: () => 1 - Number.EPSILON,
      timing: { backOffMs: 200, maxBackOffMs: 30_000 },
    });
    await informer.synced();
    const watches = () => server.requests.filter(({ url }) => url.searchParams.has("watch")).length;
    for (let failures = 1; failures <= 12; failures++) {
      await until("it waits", () => watches() === failures && clock.pending === 1);
      const delay = Math.min(30_000, 200 * 2 ** (failures - 1));
      await clock.advance(delay * 0.99);
      expect(watches()).toBe(failures);
      await clock.advance(delay * 0.02);
    }
  });

  test("only bookmarks: versions move on, and a watch goes on from the last one although all before is compacted", async () => {
    const informer = await synced();
    server.skipVersions(50);
    server.bookmark();
    await until("the bookmark is here", () => informer.resourceVersion === `${server.version}`);
    server.compact();
    server.dropWatches();
    server.put("widgets", "a");
    await until("a is here", () => informer.size === 1);
    expect(server.requests.filter(({ url }) => !url.searchParams.has("watch")).length).toBe(1);
    expect(told).toEqual(["added a"]);
  });

  test("a half-open socket is given up when nothing comes for too long, and nothing is lost", async () => {
    const clock = new FakeClock();
    const informer = await synced({ clock });
    server.put("widgets", "a");
    await until("a is here", () => informer.size === 1);
    server.silenceWatches();
    server.put("widgets", "b");
    await clock.advance(149_000);
    expect(informer.size).toBe(1);
    await clock.advance(1_500); // no byte for 150 s, then the first delay
    await until("b is here", () => informer.size === 2);
    expect(told).toEqual(["added a", "added b"]);
  });

  test("bookmarks keep a quiet watch, until it outlives its time", async () => {
    const clock = new FakeClock();
    const informer = await synced({ clock, random: () => 0, timing: { graceMs: 5_000 } });
    for (let minute = 1; minute <= 5; minute++) {
      server.skipVersions(1);
      server.bookmark();
      await until("the bookmark is here", () => informer.resourceVersion === `${server.version}`);
      await clock.advance(60_000);
    }
    expect(server.requests.length).toBe(2);
    await clock.advance(5_100);
    await until("the watch was made again", () => server.requests.length === 3);
  });

  test.each([
    ["events cut anywhere, also inside a character", [1, 1, 2, 3, 5, 8, 13, 21, 34, 55]],
    ["single bytes", Array.from({ length: 400 }, () => 1)],
  ])("%s arrive whole", async (_, sizes) => {
    const informer = await synced();
    server.chunkSizes = sizes;
    server.put("widgets", "a", { text: "größe ✓ 𝄞 \n \u2028" });
    server.put("widgets", "b", { text: "zwei" });
    await until("both are here", () => informer.size === 2);
    expect(informer.get("default/a")?.spec?.text).toBe("größe ✓ 𝄞 \n \u2028");
  });

  test("a watch that sends what is no JSON is made again", async () => {
    const informer = await synced();
    server.sendToWatches("{broken");
    server.put("widgets", "a");
    await until("a is here", () => informer.size === 1);
  });

  test("the first list is asked for until it comes", async () => {
    let failures = 3;
    server.put("widgets", "a");
    server.intercepts.push((_, response) => {
      if (failures-- <= 0) return false;
      refuse(response, 500, "InternalError", "etcd is away");
      return true;
    });
    const informer = follow();
    expect(informer.hasSynced).toBe(false);
    await informer.synced();
    expect(informer.size).toBe(1);
  });

  test("it stops during a list, a watch and a delay alike", async () => {
    for (const phase of ["list", "watch", "delay"] as const) {
      const own = new AbortController();
      const held = Promise.withResolvers<void>();
      const hold: Intercept = async (request, response) => {
        const isWatch = request.url?.includes("watch=true");
        if (phase === "delay") refuse(response, 500, "InternalError", "no");
        if (phase === "list" && !isWatch) await held.promise;
        return phase !== "watch";
      };
      server.intercepts.push(hold);
      const before = server.requests.length;
      const ended = new Informer(client, widgets, {
        timing: { backOffMs: 60_000, maxBackOffMs: 60_000 },
      }).run(own.signal);
      await until("it has begun", () =>
        phase === "watch" ? server.openWatches === 1 : server.requests.length > before,
      );
      own.abort();
      await ended;
      held.resolve();
      server.intercepts.pop();
    }
  });
});

describe("versions that are gone", () => {
  test("at the start of a watch: a list, not older than what is known", async () => {
    const informer = await synced();
    server.put("widgets", "a");
    await until("a is here", () => informer.size === 1);
    const known = informer.resourceVersion;
    server.skipVersions(10);
    server.intercepts.push((request, response) => {
      if (!request.url?.includes("watch=true")) return false;
      server.intercepts.pop();
      refuse(response, 410, "Expired", "too old resource version");
      return true;
    });
    server.loseEvents = 1;
    server.put("widgets", "b");
    server.dropWatches();
    await until("b is here", () => informer.size === 2);
    const lists = server.requests.filter(({ url }) => !url.searchParams.has("watch"));
    expect(lists.map(({ url }) => url.searchParams.get("resourceVersion"))).toEqual(["0", known]);
    expect(told).toEqual(["added a", "added b"]);
  });

  test("as an event of a watch: the same", async () => {
    server.put("widgets", "a");
    const informer = await synced();
    server.loseEvents = 2;
    server.remove("widgets", "a");
    server.put("widgets", "b");
    const status = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" };
    server.sendToWatches(JSON.stringify({ type: "ERROR", object: status }));
    await until("it is current", isCurrent(informer));
    expect(told).toEqual(["added a", "added b", "deleted a"]);
  });

  test("in a list too: then the latest", async () => {
    const informer = await synced();
    server.intercepts.push((request, response) => {
      const { searchParams } = new URL(request.url ?? "", "http://x");
      if (!searchParams.has("watch") && searchParams.get("resourceVersion") === "") return false;
      if (searchParams.has("watch") && Number(searchParams.get("resourceVersion")) >= server.version)
        return false;
      refuse(response, 410, "Expired", "too old resource version");
      return true;
    });
    server.loseEvents = 1;
    server.put("widgets", "a");
    server.dropWatches();
    await until("a is here", () => informer.size === 1);
    const lists = server.requests.filter(({ url }) => !url.searchParams.has("watch"));
    expect(lists.at(-1)?.url.searchParams.get("resourceVersion")).toBe("");
  });

  test("that go back, because etcd was restored from a backup: the latest is taken for the truth", async () => {
    server.put("widgets", "kept", { size: 1 });
    const backup = { version: server.version, objects: new Map(server.objects) };
    server.put("widgets", "kept", { size: 2 });
    server.put("widgets", "newer");
    server.skipVersions(1000);
    const informer = await synced();
    server.restore(backup.version, backup.objects);
    server.put("widgets", "after");
    await until("it is current", isCurrent(informer));
    expect(informer.get("default/kept")?.spec?.size).toBe(1);
    const lists = server.requests.filter(({ url }) => !url.searchParams.has("watch"));
    expect(lists.map(({ url }) => url.searchParams.get("resourceVersion"))).toEqual([
      "0",
      expect.any(String),
      "",
    ]);
  });

  test("again and again: with growing delays", async () => {
    const clock = new FakeClock();
    server.intercepts.push((request, response) => {
      if (!request.url?.includes("watch=true")) return false;
      refuse(response, 410, "Expired", "too old resource version");
      return true;
    });
    follow({ clock, random: () => 1 - Number.EPSILON, timing: { backOffMs: 1000, maxBackOffMs: 30_000 } });
    for (let storms = 1; storms <= 8; storms++) {
      await until("it waits", () => server.requests.length === 2 * storms && clock.pending === 1);
      await clock.advance(Math.min(30_000, 1000 * 2 ** (storms - 1)) * 0.9);
      expect(server.requests.length).toBe(2 * storms);
      await clock.advance(Math.min(30_000, 1000 * 2 ** (storms - 1)) * 0.11);
    }
  });

  test("events out of order: older ones change nothing, and a list settles it", async () => {
    const informer = await synced();
    server.loseEvents = 2;
    const one = server.put("widgets", "a", { size: 1 });
    const two = server.put("widgets", "a", { size: 2 });
    server.sendToWatches(JSON.stringify({ type: "MODIFIED", object: two }));
    server.sendToWatches(JSON.stringify({ type: "ADDED", object: one }));
    await until(
      "it has listed again",
      () => server.requests.filter(({ url }) => !url.searchParams.has("watch")).length === 2,
    );
    await until("it watches", () => server.openWatches > 0);
    expect([informer.get("default/a")?.spec?.size, told]).toEqual([2, ["added a"]]);
  });

  test("the latest is read page by page", async () => {
    for (let i = 0; i < 1201; i++) server.put("widgets", `w${i}`);
    server.intercepts.push((request, response) => {
      if (!request.url?.includes("resourceVersion=0")) return false;
      refuse(response, 410, "Expired", "too old");
      return true;
    });
    const informer = await synced();
    expect(informer.size).toBe(1201);
    const pages = server.requests.filter(({ url }) => url.searchParams.has("limit"));
    expect(pages.map(({ url }) => url.searchParams.get("continue"))).toEqual([null, "500", "1000"]);
  });
});

test("an event that the watch never told is found by a later list, and counted", async () => {
  const informer = await synced({ timing: { relistMs: 0, healthyMs: 0 } });
  server.put("widgets", "known");
  await until("it is here", () => informer.size === 1);
  server.loseEvents = 1;
  server.put("widgets", "lost");
  server.put("widgets", "later");
  await until("the later one is here", () => informer.size === 2);
  expect(informer.get("default/lost")).toBeUndefined();
  server.endWatches();
  await until("the lost one is here", () => informer.size === 3);
  expect([told, informer.faults.missedEvents]).toEqual([["added known", "added later", "added lost"], 1]);
});

describe("an object that a write returned", () => {
  test("is here at once, is told once, and the watch's echo changes nothing", async () => {
    const informer = await synced();
    const created = await client.create(widgets, {
      metadata: { namespace: "default", name: "a" },
      spec: { size: 1 },
    });
    informer.upsert(created);
    expect(informer.get("default/a")?.spec).toEqual({ size: 1 });
    await until("the echo is here", () => informer.resourceVersion === created.metadata.resourceVersion);
    const replaced = await client.replace(widgets, { ...created, spec: { size: 2 } });
    await until("the watch tells it", () => informer.resourceVersion === replaced.metadata.resourceVersion);
    informer.upsert(created); // an answer that comes late
    expect(informer.get("default/a")?.spec).toEqual({ size: 2 });
    expect(told).toEqual(["added a", "updated a"]);
  });

  test("does not come back when it was deleted before the answer was taken in", async () => {
    const informer = await synced();
    const created = await client.create(widgets, { metadata: { namespace: "default", name: "a" } });
    server.remove("widgets", "a");
    await until("the deletion is here", () => told.includes("deleted a"));
    informer.upsert(created);
    expect(informer.size).toBe(0);
  });

  test("outlives a list from a server that lags behind", async () => {
    server.put("widgets", "a", { size: 1 });
    server.laggingSnapshot = { version: server.version, objects: new Map(server.objects) };
    const informer = await synced();
    const a = server.put("widgets", "a", { size: 2 });
    await until("the change is here", () => informer.get("default/a")?.spec?.size === 2);
    informer.upsert({ ...a, spec: { size: 2 } });
    expect(told).toEqual(["added a", "updated a"]);
  });

  test("is taken in only if it is in the informer's scope", async () => {
    const scoped = await synced({ namespace: "default" });
    scoped.upsert({ metadata: { namespace: "other", name: "x", resourceVersion: `${server.version + 1}` } });
    expect(scoped.size).toBe(0);
    const selected = follow({ fieldSelector: "spec.size=1" });
    await selected.synced();
    selected.upsert({
      metadata: { namespace: "default", name: "y", resourceVersion: `${server.version + 1}` },
    });
    expect(selected.size).toBe(0);
  });
});

test("whatever sequence of faults and changes there is, in the end the copy is what the server has", async () => {
  const name = fc.constantFrom("a", "b", "c", "d");
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constant("put" as const), name) },
    { weight: 3, arbitrary: fc.tuple(fc.constant("remove" as const), name) },
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constantFrom("drop", "end", "compact", "bookmark", "expire", "garbage", "refuse"),
        fc.constant(""),
      ),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom("double", "single", "chop", "whole", "turn"), fc.constant("")),
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const own = await FakeApiServer.start();
      const ownClient = clientOf(own);
      const ended = new AbortController();
      const informer = new Informer(ownClient, widgets, { timing: { backOffMs: 1, maxBackOffMs: 3 } });
      const mirror = new Map<string, string | undefined>();
      informer.on(({ type, object, previous }) => {
        const key = keyOf(object);
        // Told changes follow each other without a gap: what a handler builds from them is the copy itself.
        expect(mirror.has(key)).toBe(type !== "added");
        if (previous) expect(previous.metadata.resourceVersion).toBe(mirror.get(key));
        if (type === "deleted") mirror.delete(key);
        else mirror.set(key, object.metadata.resourceVersion);
      });
      const run = informer.run(ended.signal);
      let refusals = 0;
      own.intercepts.push((_, response) => {
        if (refusals <= 0) return false;
        refusals--;
        refuse(response, 500, "InternalError", "no");
        return true;
      });
      const status = JSON.stringify({
        type: "ERROR",
        object: { kind: "Status", code: 410, reason: "Expired" },
      });
      const faults: Record<string, () => unknown> = {
        drop: () => own.dropWatches(),
        end: () => own.endWatches(),
        compact: () => own.compact(),
        bookmark: () => own.bookmark(),
        expire: () => own.sendToWatches(status),
        garbage: () => own.sendToWatches('{"type":"MODIF'),
        refuse: () => refusals++,
        double: () => (own.copies = 2),
        single: () => (own.copies = 1),
        chop: () => (own.chunkSizes = Array.from({ length: 50 }, () => 7)),
        whole: () => (own.chunkSizes = []),
        turn: () => undefined,
      };
      try {
        for (const [what, which] of steps) {
          if (what === "put") own.put("widgets", which, { size: own.version });
          else if (what === "remove") own.remove("widgets", which);
          else faults[what]?.();
          await new Promise((resolve) => setImmediate(resolve));
        }
        const there = () =>
          [...own.objects.values()]
            .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
            .sort();
        const here = () =>
          informer
            .list()
            .map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)
            .sort();
        await until(
          "the copy is current",
          () => informer.hasSynced && JSON.stringify(here()) === JSON.stringify(there()),
        );
        expect(mirror.size).toBe(informer.size);
        expect(informer.faults.handler).toBe(0);
      } finally {
        ended.abort();
        await run;
        await ownClient.close();
        await own.stop();
      }
    }),
    { numRuns: 60 },
  );
});
