import { expect, test } from "vitest";
import { get } from "./test-router.ts";

const neighbour = (address: string, state: string) =>
  `<neighbor><neighbor-address>${address}</neighbor-address><remote-as>64513</remote-as><router-id>10.0.0.9</router-id>
   <connection-state>${state}</connection-state><connection-local-address><ipv4-address>10.0.0.1</ipv4-address></connection-local-address>
   <connection-remote-address><afi>ipv4</afi><ipv4-address>${address}</ipv4-address></connection-remote-address></neighbor>`;
const process =
  "<global-process-info><vrf><router-id>10.9.9.9</router-id><hold-time>180</hold-time></vrf></global-process-info>";
const running = {
  "get bgp/instances/instance": `<bgp><instances><instance><instance-active>
    <default-vrf>${process}<neighbors>${neighbour("10.0.0.2", "bgp-st-estab")}</neighbors></default-vrf>
    <vrfs><vrf><vrf-name>red</vrf-name>${process}<neighbors>${neighbour("10.0.0.3", "bgp-st-idle")}</neighbors></vrf></vrfs>
    </instance-active></instance></instances></bgp>`,
};

test("neighbours stand in their VRFs, those of the default one under global", async () => {
  expect(await get("get_bgp_neighbors", running)).toMatchObject({
    global: { router_id: "10.9.9.9", peers: { "10.0.0.2": { is_up: true, is_enabled: true } } },
    red: { router_id: "10.9.9.9", peers: { "10.0.0.3": { is_up: false, uptime: -1 } } },
  });
});

test("details name the VRF, and its timers where a neighbour has none", async () => {
  expect(await get("get_bgp_neighbors_detail", running)).toMatchObject({
    global: { "64513": [{ routing_table: "default", connection_state: "Established", holdtime: 180 }] },
    red: {
      "64513": [{ routing_table: "red", connection_state: "Idle", previous_connection_state: "Unknown" }],
    },
  });
});

test("a router without BGP has a global table without neighbours", async () => {
  expect(await get("get_bgp_neighbors", { "get bgp/instances/instance": "" })).toEqual({
    global: { router_id: "", peers: {} },
  });
});

const configured = (content: string) => ({
  "get-config running bgp/instance/instance-name": content,
});

test("only the default VRF is configured in groups", async () => {
  const content = `<bgp><instance><instance-as><four-byte-as><as>64512</as><default-vrf><bgp-entity><neighbors><neighbor>
    <neighbor-address>10.0.0.2</neighbor-address><neighbor-group-add-member>PEERS</neighbor-group-add-member><remote-as><as-xx>1</as-xx><as-yy>5</as-yy></remote-as>
    <neighbor-afs><neighbor-af><af-name>ipv4-unicast</af-name><maximum-prefixes><prefix-limit>9</prefix-limit></maximum-prefixes></neighbor-af></neighbor-afs>
    </neighbor></neighbors><neighbor-groups><neighbor-group><neighbor-group-name>PEERS</neighbor-group-name></neighbor-group></neighbor-groups>
    </bgp-entity></default-vrf></four-byte-as></instance-as></instance></bgp>`;
  expect(await get("get_bgp_config", configured(content))).toMatchObject({
    PEERS: {
      local_as: 64_512,
      neighbors: {
        "10.0.0.2": { remote_as: 65_541, prefix_limit: { inet: { unicast: { limit: 9 } } } },
      },
    },
    _: { neighbors: {} },
  });
});

test("a router without BGP has no configuration of it", async () => {
  expect(await get("get_bgp_config", configured(""))).toEqual({});
});
