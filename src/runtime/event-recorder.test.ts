import { afterEach, beforeEach, expect, test } from "vitest";
import type { KubernetesEvent } from "./builtin-resources.ts";
import type { ApiClient } from "./client.ts";
import { FakeClock } from "./clock.ts";
import { EventRecorder } from "./event-recorder.ts";
import { FakeApiServer, refuse, until } from "./testing/fake-api-server.ts";
import { clientOf } from "./testing/widgets.ts";

let server: FakeApiServer;
let client: ApiClient;
let clock: FakeClock;
let recorder: EventRecorder;
let drawn: number;

const object = {
  apiVersion: "example.com/v1",
  kind: "Widget",
  metadata: { name: "a", namespace: "ns", uid: "u1" },
};

beforeEach(async () => {
  server = await FakeApiServer.start();
  client = clientOf(server);
  clock = new FakeClock();
  drawn = 0;
  recorder = new EventRecorder({
    client,
    clock,
    controller: "example.com/test",
    instance: "pod-1",
    random: () => drawn++ / 1000,
  });
});

afterEach(async () => {
  await client.close();
  await server.stop();
});

const written = () => [...server.objects.values()] as unknown as KubernetesEvent[];
const writes = () => server.requests.map(({ method }) => method);

test("an event says who reports what about which object, in the background", async () => {
  recorder.event(object, "Warning", "MissingPart", "Part p-7 does not exist.", { action: "Assemble" });
  expect(server.requests).toEqual([]);
  await clock.advance(250);
  await until("it is written", () => written().length === 1);
  expect(written()[0]).toMatchObject({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { namespace: "ns", name: expect.stringMatching(/^a\.[0-9a-f]+$/) },
    eventTime: "2030-01-01T00:00:00.000000Z",
    reportingController: "example.com/test",
    reportingInstance: "pod-1",
    type: "Warning",
    reason: "MissingPart",
    action: "Assemble",
    note: "Part p-7 does not exist.",
    regarding: { apiVersion: "example.com/v1", kind: "Widget", name: "a", namespace: "ns", uid: "u1" },
  });
});

test("an event about an object without a namespace lives in the namespace default", async () => {
  recorder.event({ kind: "Node", metadata: { name: "n" } }, "Normal", "Seen", "seen");
  await recorder.flush();
  expect(written()[0]?.metadata.namespace).toBe("default");
});

test("equal events become a series: one write for those together, one patch for later ones", async () => {
  for (let i = 0; i < 3; i++) recorder.event(object, "Normal", "Again", "again");
  await recorder.flush();
  for (let i = 0; i < 4; i++) recorder.event(object, "Normal", "Again", "again");
  await clock.advance(1);
  await recorder.flush();
  expect(writes()).toEqual(["POST", "PATCH"]);
  expect(written()).toMatchObject([
    { series: { count: 7, lastObservedTime: "2030-01-01T00:00:00.000000Z" } },
  ]);
});

test("a series whose event has run out begins anew", async () => {
  recorder.event(object, "Normal", "Again", "again");
  await recorder.flush();
  server.objects.clear();
  recorder.event(object, "Normal", "Again", "again");
  await recorder.flush();
  expect(writes()).toEqual(["POST", "PATCH", "POST"]);
  expect(written()).toMatchObject([{ series: { count: 2 } }]);
});

test("from the tenth different message within ten minutes on they are combined", async () => {
  for (let i = 1; i <= 12; i++) recorder.event(object, "Warning", "Failed", `attempt ${i} failed`);
  await recorder.flush();
  expect(written().map(({ note }) => note)).toEqual([
    ...Array.from({ length: 9 }, (_, i) => `attempt ${i + 1} failed`),
    "(combined from similar events): attempt 12 failed",
  ]);
  expect(written().at(-1)?.series?.count).toBe(3);

  await clock.advance(600_001);
  recorder.event(object, "Warning", "Failed", "attempt 13 failed");
  await recorder.flush();
  expect(written().at(-1)?.note).toBe("attempt 13 failed");
});

test("an object that says too much is muted: 25 at once, then one every five minutes; others are not", async () => {
  for (let i = 0; i < 40; i++) recorder.event(object, "Normal", `Reason${i}`, "much");
  expect(recorder.dropped).toBe(15);
  recorder.event({ ...object, metadata: { ...object.metadata, uid: "u2" } }, "Normal", "Other", "little");
  expect(recorder.dropped).toBe(15);
  await clock.advance(300_000);
  recorder.event(object, "Normal", "Late", "one");
  recorder.event(object, "Normal", "Later", "two");
  expect(recorder.dropped).toBe(16);
  await recorder.flush();
  expect(written().length).toBe(27);
});

test("it never throws, whatever it is given and whatever the server says", async () => {
  server.intercepts.push((_, response) => {
    refuse(response, 403, "Forbidden", "no");
    return true;
  });
  recorder.event({ metadata: {} }, "Normal", "Nameless", "nothing");
  recorder.event(object, "Normal", "x".repeat(1000), "ü".repeat(5000));
  recorder.event(undefined as never, "Normal", "Nobody", "nothing");
  await recorder.flush();
  expect(recorder.dropped).toBe(3);
});

test("a long message is cut to the API's limit in bytes, between characters", async () => {
  recorder.event(object, "Normal", "Long", "ü".repeat(5000));
  await recorder.flush();
  const [event] = written();
  expect(Buffer.byteLength(event?.note ?? "")).toBeLessThanOrEqual(1024);
  expect(event?.note).toMatch(/^ü{510}…$/);
});

test("while the server is away no more than 1000 events wait", async () => {
  for (let i = 0; i < 1200; i++) {
    recorder.event({ ...object, metadata: { ...object.metadata, uid: `u${i}` } }, "Normal", "Many", "many");
  }
  expect(recorder.dropped).toBe(200);
});
