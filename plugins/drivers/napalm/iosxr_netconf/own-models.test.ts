import { afterEach, expect, test } from "vitest";
import type { DeviceTarget, MethodCall } from "../../../../src/plugin/index.ts";
import { simulateNetconf } from "../../../../src/simulator/netconf/server.ts";
import { context, merge } from "../../pyeapi/test-session.ts";
import { NapalmDriver } from "../index.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const quiet = () => {};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const LIBRARY = "urn:ietf:params:xml:ns:yang:ietf-yang-library";
const OWN = "http://cisco.com/ns/yang/Cisco-IOS-XR-shellutil-cfg";
const OTHER = "http://example.com/other";
const data = (name: string) =>
  `<data><host-names xmlns="${OWN}"><host-name>${name}</host-name></host-names><x xmlns="${OTHER}"/></data>`;
const replies = {
  [`<get><filter type="subtree"><yang-library xmlns="${LIBRARY}"><module-set><name>XR-only</name><module><namespace/></module></module-set></yang-library></filter></get>`]: `<data><yang-library xmlns="${LIBRARY}"><module-set><module><namespace>${OWN}</namespace></module></module-set></yang-library></data>`,
  "<get-config><source><running/></source></get-config>": data("old"),
  "<get-config><source><candidate/></source></get-config>": data("new"),
};

/** A router that lists its own models, takes everything and is configured as XML. */
async function open() {
  const router = await simulateNetconf({
    capabilities: [
      `${LIBRARY}?revision=2019-01-04`,
      ...["candidate:1.0", "rollback-on-error:1.0"].map((one) => `urn:ietf:params:netconf:capability:${one}`),
    ],
    replies,
    answer: (request) => (request.startsWith("<get") ? undefined : "<ok/>"),
  });
  closers.push(() => router.close());
  const { host, port, username, password, fingerprint } = router;
  const target: DeviceTarget = {
    name: "xr1",
    host,
    port,
    credential: { username, password, data: {} },
    hostKeys: { policy: "Strict", fingerprints: [fingerprint] },
    args: { platform: "iosxr_netconf", config_encoding: "xml" },
  };
  const napalm = new NapalmDriver({ config: {}, log, random: () => 0.5 }, () => 0);
  const session = await napalm.connect(target, context());
  closers.push(() => napalm.disconnect(session, context()));
  const call = (method: string, args: MethodCall["args"] = []) =>
    napalm.call(session, { method, args }, context());
  return { router, napalm, session, call };
}

test("only the models that the router lists as its own are read", async () => {
  const { call } = await open();
  expect(await call("get_config", { retrieve: "running" })).toMatchObject({
    running: expect.stringMatching(/<host-name>old<\/host-name>(?![\s\S]*other)/),
  });
});

test("they alone are taken, and what is loaded is compared in them", async () => {
  const { call } = await open();
  await expect(
    call("load_merge_candidate", { config: `<config>\n<x xmlns="${OTHER}"/></config>` }),
  ).rejects.toMatchObject({ message: expect.stringContaining(OTHER) });
  await call("load_merge_candidate", {
    config: `<config><host-names xmlns="${OWN}"><host-name>new</host-name></host-names></config>`,
  });
  expect(await call("compare_config")).toContain("-    <host-name>old</host-name>\n+    <host-name>new");
});

test("checks are refused before anything is changed, since no command can be run", async () => {
  const { router, napalm, session } = await open();
  const before = router.received().length;
  const change = merge(["<config/>"], { verify: [{ command: "show clock", expect: "12" }] });
  await expect(napalm.configure(session, change, context())).rejects.toMatchObject({
    code: "NotImplemented",
  });
  expect(router.received()).toHaveLength(before);
});

test("default values cannot be asked for", async () => {
  const { call } = await open();
  await expect(call("get_config", { full: true })).rejects.toMatchObject({ code: "CallInvalid" });
});
