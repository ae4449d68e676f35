import { expect, test } from "vitest";
import { get } from "./test-device.ts";

const instances = (...names: string[]) =>
  `<instance-information>${names
    .map((name) => `<instance-core><instance-name>${name}</instance-name></instance-core>`)
    .join("")}</instance-information>`;
const peers = (...all: string[]) => `<bgp-information>${all.join("")}</bgp-information>`;
const rib = (name: string, counts: string) => `<bgp-rib><name>${name}</name>${counts}</bgp-rib>`;
const counts = (received: number, accepted: number, advertised?: number) =>
  `<send-state>${advertised === undefined ? "not advertising" : "in sync"}</send-state><received-prefix-count>${received}</received-prefix-count><accepted-prefix-count>${accepted}</accepted-prefix-count>${
    advertised === undefined ? "" : `<advertised-prefix-count>${advertised}</advertised-prefix-count>`
  }`;
const peer = (address: string, inner: string, state = "Established") =>
  `<bgp-peer><peer-address>${address}</peer-address><peer-as>64501</peer-as><local-address>192.0.2.1+179</local-address><local-as>64500</local-as><peer-state>${state}</peer-state><local-id>192.0.2.1</local-id><peer-id>192.0.2.2</peer-id>${inner}</bgp-peer>`;
const none = { received_prefixes: -1, accepted_prefixes: -1, sent_prefixes: -1 };

test("neighbours stand under their instance with the prefixes of each family's table", async () => {
  const summary = peers(
    '<bgp-peer><peer-address>192.0.2.2</peer-address><elapsed-time seconds="99">1:39</elapsed-time></bgp-peer>',
  );
  const found = await get("get_bgp_neighbors", {
    "get-instance-information": instances("master", "__juniper_private1__", "blue"),
    "get-bgp-neighbor-information instance=master": peers(
      peer(
        "192.0.2.2+50001",
        rib("inet.0", counts(3, 2, 1)) + rib("bgp.l3vpn.0", counts(9, 9, 9)) + rib("inet6.0", counts(5, 4)),
      ),
    ),
    "get-bgp-summary-information instance=master": summary,
    "get-bgp-neighbor-information instance=blue": peers(
      peer(
        "2001:DB8::2",
        "<bgp-option-information><bgp-options-extended>Shutdown</bgp-options-extended></bgp-option-information>",
        "Idle",
      ),
    ),
    "get-bgp-summary-information instance=blue": peers(),
  });
  expect(found).toEqual({
    global: {
      router_id: "192.0.2.1",
      peers: {
        "192.0.2.2": {
          local_as: 64500,
          remote_as: 64501,
          remote_id: "192.0.2.2",
          is_up: true,
          is_enabled: true,
          description: "",
          uptime: 99,
          address_family: {
            ipv4: { received_prefixes: 3, accepted_prefixes: 2, sent_prefixes: 1 },
            ipv6: { received_prefixes: 5, accepted_prefixes: 4, sent_prefixes: 0 },
          },
        },
      },
    },
    blue: {
      router_id: "192.0.2.1",
      peers: {
        "2001:db8::2": expect.objectContaining({
          is_up: false,
          is_enabled: false,
          uptime: 0,
          address_family: { ipv4: none, ipv6: none },
        }),
      },
    },
  });
});

test("within an instance its own tables count", async () => {
  const found = await get("get_bgp_neighbors", {
    "get-instance-information": instances("blue"),
    "get-bgp-neighbor-information": peers(peer("192.0.2.2", rib("blue.inet.0", counts(3, 2, 1)))),
    "get-bgp-summary-information": peers(),
  });
  expect(found).toMatchObject({
    blue: { peers: { "192.0.2.2": { address_family: { ipv4: { received_prefixes: 3 }, ipv6: none } } } },
  });
});

test("an instance without neighbours is left out", async () => {
  const replies = {
    "get-instance-information": instances("master"),
    "get-bgp-neighbor-information": peers(),
    "get-bgp-summary-information": peers(),
  };
  expect(await get("get_bgp_neighbors", replies)).toEqual({});
  expect(await get("get_bgp_neighbors_detail", replies)).toEqual({});
});

test("details add up tables and queues, and read options, ports and the four-byte AS", async () => {
  const table = (received: number) =>
    `<bgp-rib><active-prefix-count>1</active-prefix-count><received-prefix-count>${received}</received-prefix-count></bgp-rib>`;
  const inner = `<peer-4byte-as-capability-advertised>64501</peer-4byte-as-capability-advertised><peer-addpath-not-supported/>
    <bgp-option-information><bgp-options>Multihop Preference AddressFamily</bgp-options><holdtime>90</holdtime><export-policy>OUT</export-policy></bgp-option-information>
    <keepalive-interval>30</keepalive-interval>${table(2)}${table(3)}
    <bgp-output-queue><count>4</count></bgp-output-queue><bgp-output-queue><count>5</count></bgp-output-queue>`;
  const found = await get(
    "get_bgp_neighbors_detail",
    {
      "get-instance-information": instances("master"),
      "get-bgp-neighbor-information instance=master neighbor-address=192.0.2.2": peers(
        peer("192.0.2.2+50001", inner),
        peer("192.0.2.3", ""),
      ),
    },
    { neighbor_address: "192.0.2.2" },
  );
  expect(found).toMatchObject({
    global: {
      "64501": [
        {
          up: true,
          local_port: 179,
          remote_address: "192.0.2.2",
          remote_port: 50_001,
          multihop: true,
          multipath: false,
          local_address_configured: true,
          suppress_4byte_as: false,
          local_as_prepend: true,
          export_policy: "OUT",
          configured_holdtime: 90,
          configured_keepalive: 30,
          messages_queued_out: 9,
          active_prefix_count: 2,
          received_prefix_count: 5,
          accepted_prefix_count: 0,
        },
        { remote_port: 179, suppress_4byte_as: true, received_prefix_count: -1, messages_queued_out: 0 },
      ],
    },
  });
});

const configuration = (inner: string) => `<configuration>${inner}</configuration>`;
const groups = (...all: string[]) => configuration(`<protocols><bgp>${all.join("")}</bgp></protocols>`);
const ownAs = (number: string) =>
  configuration(
    `<routing-options><autonomous-system><as-number>${number}</as-number></autonomous-system></routing-options>`,
  );
const policies = configuration(
  "<policy-options><policy-statement><name>NHS</name><then><next-hop><self/></next-hop></then></policy-statement>" +
    "<policy-statement><name>PLAIN</name></policy-statement></policy-options>",
);

const internal = `<group><name>internal</name><type>internal</type><apply-groups>A</apply-groups><apply-groups>B</apply-groups>
  <multihop/><cluster>192.0.2.9</cluster><import>ONE</import><import>TWO</import><peer-as>64500</peer-as>
  <neighbor><name>192.0.2.2</name><export>NHS</export><authentication-key>$9$x</authentication-key></neighbor>
  <neighbor><name>192.0.2.3</name><export>PLAIN</export><peer-as>1.1</peer-as>
    <family><inet><unicast><prefix-limit><maximum>100</maximum><teardown><limit-threshold>90</limit-threshold><idle-timeout><timeout>5</timeout></idle-timeout></teardown></prefix-limit></unicast></inet></family></neighbor></group>`;

test("groups and neighbours: what is inherited, joined, and limited", async () => {
  const found = await get("get_bgp_config", {
    "configuration routing-options/autonomous-system": ownAs("64500"),
    "configuration protocols/bgp/group": groups(internal),
    "configuration policy-options/policy-statement": policies,
  });
  expect(found).toMatchObject({
    _: { local_as: 64_500, neighbors: {} },
    internal: {
      type: "internal",
      apply_groups: ["A", "B"],
      multihop_ttl: 64,
      multipath: false,
      import_policy: "ONE TWO",
      local_as: 64_500,
      neighbors: {
        "192.0.2.2": {
          nhs: true,
          route_reflector_client: true,
          remote_as: 64_500,
          local_as: 64_500,
          authentication_key: "$9$x",
          prefix_limit: {},
        },
        "192.0.2.3": {
          nhs: false,
          remote_as: 65_537,
          prefix_limit: { inet: { unicast: { limit: 100, teardown: { threshold: 90, timeout: 5 } } } },
        },
      },
    },
  });
});

test("one group is asked for by its name, and has one of its neighbours", async () => {
  const found = await get(
    "get_bgp_config",
    {
      "configuration routing-options/autonomous-system": ownAs("64500"),
      "configuration protocols/bgp/group internal": groups(internal),
      "configuration policy-options/policy-statement": policies,
    },
    { group: "internal", neighbor: "192.0.2.3" },
  );
  expect(found).toMatchObject({ internal: { neighbors: { "192.0.2.3": {} } } });
  expect(JSON.stringify(found)).not.toContain("192.0.2.2");
  expect(Object.keys(found as object)).toEqual(["internal"]);
});

test("a device without BGP has no groups, not even the one that stands for none", async () => {
  const empty = configuration("");
  expect(
    await get("get_bgp_config", {
      "configuration routing-options/autonomous-system": empty,
      "configuration protocols/bgp/group": empty,
      "configuration policy-options/policy-statement": empty,
    }),
  ).toEqual({});
});
