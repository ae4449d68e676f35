import { expect, test } from "vitest";
import { get } from "./test-device.ts";

const configuration = (inner: string) => `<configuration>${inner}</configuration>`;

test("ARP and neighbour discovery: addresses in their standard forms, incomplete entries without one", async () => {
  const arp =
    "<arp-table-information><arp-table-entry><mac-address>00:0f:53:2b:c5:e1</mac-address><ip-address>192.0.2.3</ip-address><interface-name>ae7.10</interface-name><time-to-expire> 1031</time-to-expire></arp-table-entry></arp-table-information>";
  const discovery =
    "<ipv6-nd-information><ipv6-nd-entry><ipv6-nd-neighbor-address>2001:DB8::1</ipv6-nd-neighbor-address><ipv6-nd-neighbor-l2-address>none</ipv6-nd-neighbor-l2-address><ipv6-nd-state>unreachable</ipv6-nd-state><ipv6-nd-expire>0</ipv6-nd-expire><ipv6-nd-interface-name>ae0.0</ipv6-nd-interface-name></ipv6-nd-entry></ipv6-nd-information>";
  expect(await get("get_arp_table", { "get-arp-table-information expiration-time no-resolve": arp })).toEqual(
    [{ interface: "ae7.10", mac: "00:0F:53:2B:C5:E1", ip: "192.0.2.3", age: 1031 }],
  );
  expect(await get("get_ipv6_neighbors_table", { "get-ipv6-nd-information": discovery })).toEqual([
    { interface: "ae0.0", mac: "", ip: "2001:db8::1", age: 0, state: "unreachable" },
  ]);
});

test("an entry with something else in place of an address is refused", async () => {
  const odd =
    "<arp-table-information><arp-table-entry><mac-address>incomplete</mac-address><ip-address>192.0.2.3</ip-address></arp-table-entry></arp-table-information>";
  await expect(get("get_arp_table", { "get-arp-table-information": odd })).rejects.toThrow("incomplete");
});

test("interfaces that are in no instance are the default one's", async () => {
  const instances = `<routing-instances><instance><name>blue</name><instance-type>vrf</instance-type><interface><name>ge-0/0/1.0</name></interface><route-distinguisher><rd-type>64500:1</rd-type></route-distinguisher></instance>
    <instance><name>sw</name><instance-type>virtual-switch</instance-type><bridge-domains><domain><interface><name>ge-0/0/2.0</name></interface></domain></bridge-domains></instance></routing-instances>`;
  const port = (name: string) =>
    `<physical-interface><name>${name}</name><logical-interface><name>${name}.0</name></logical-interface></physical-interface>`;
  const replies = {
    "configuration routing-instances/instance": configuration(instances),
    "get-interface-information": `<interface-information>${port("ge-0/0/1")}${port("ge-0/0/2")}</interface-information>`,
  };
  const blue = {
    name: "blue",
    type: "L3VRF",
    state: { route_distinguisher: "64500:1" },
    interfaces: { interface: { "ge-0/0/1.0": {} } },
  };
  expect(await get("get_network_instances", replies)).toEqual({
    blue,
    sw: {
      name: "sw",
      type: "virtual-switch",
      state: { route_distinguisher: "" },
      interfaces: { interface: { "ge-0/0/2.0": {} } },
    },
    default: {
      name: "default",
      type: "DEFAULT_INSTANCE",
      state: { route_distinguisher: "" },
      interfaces: { interface: { "ge-0/0/1": {}, "ge-0/0/2": {} } },
    },
  });
  expect(await get("get_network_instances", replies, { name: "blue" })).toEqual({ blue });
  expect(await get("get_network_instances", replies, { name: "red" })).toEqual({});
});

test("NTP: configured peers and servers, by name too, and the table of associations", async () => {
  const ntp = (kind: string, name: string) =>
    configuration(`<system><ntp><${kind}><name>${name}</name></${kind}></ntp></system>`);
  expect(
    await get("get_ntp_peers", { "configuration system/ntp/peer": ntp("peer", "2001:DB8::7B") }),
  ).toEqual({
    "2001:db8::7b": {},
  });
  expect(
    await get("get_ntp_servers", { "configuration system/ntp/server": ntp("server", "time.example") }),
  ).toEqual({ "time.example": {} });
  const output = `
     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
*192.0.2.1       .GPS.            1 -  311 1024  377    1.384   -0.056   0.004
 192.0.2.2       .INIT.          16 u  15h 1024    0    0.000    0.000 4000.00
 time.example    .INIT.          16 u    - 1024    0    0.000    0.000 4000.00
`;
  const stats = await get("get_ntp_stats", { "command show ntp associations no-resolve": output });
  expect(stats).toMatchObject([
    {
      remote: "192.0.2.1",
      synchronized: true,
      referenceid: ".GPS.",
      stratum: 1,
      when: "311",
      offset: -0.056,
    },
    { remote: "192.0.2.2", synchronized: false, type: "u", when: "15h", reachability: 0, jitter: 4000 },
  ]);
});

test("optics: each lane of a port with several, lane 0 of others, darkness as 0", async () => {
  const lane = (index: number) =>
    `<optics-diagnostics-lane-values><lane-index>${index}</lane-index><laser-bias-current>5.5</laser-bias-current><laser-output-power-dbm>-1.1</laser-output-power-dbm><laser-rx-optical-power-dbm>-Inf</laser-rx-optical-power-dbm></optics-diagnostics-lane-values>`;
  const reply = `<interface-information><physical-interface><name>xe-0/0/0</name><optics-diagnostics><laser-output-power-dbm>-2.5</laser-output-power-dbm><rx-signal-avg-optical-power-dbm>- Inf</rx-signal-avg-optical-power-dbm></optics-diagnostics></physical-interface>
    <physical-interface><name>et-0/0/49</name><optics-diagnostics>${lane(0)}${lane(1)}</optics-diagnostics></physical-interface></interface-information>`;
  const level = (instant: number) => ({ instant, avg: 0, max: 0, min: 0 });
  const channel = (index: number, input: number, output: number, bias: number) => ({
    index,
    state: { input_power: level(input), output_power: level(output), laser_bias_current: level(bias) },
  });
  expect(await get("get_optics", { "get-interface-optics-diagnostics-information": reply })).toEqual({
    "xe-0/0/0": { physical_channels: { channel: [channel(0, 0, -2.5, 0)] } },
    "et-0/0/49": { physical_channels: { channel: [channel(0, 0, -1.1, 5.5), channel(1, 0, -1.1, 5.5)] } },
  });
});

test("probes: how they are configured, and their durations in milliseconds", async () => {
  const config = configuration(
    "<services><rpm><probe><name>lon</name><test><name>icmp</name><probe-type>icmp-ping</probe-type><target><address>192.0.2.1</address></target><probe-count>5</probe-count></test><test/></probe></rpm></services>",
  );
  expect(await get("get_probes_config", { "configuration services/rpm/probe/test": config })).toEqual({
    lon: {
      icmp: { probe_type: "icmp-ping", target: "192.0.2.1", source: "", probe_count: 5, test_interval: 0 },
    },
  });
  const results =
    "<probe-results><probe-test-results><owner>lon</owner><test-name>icmp</test-name><target-address>192.0.2.1</target-address><probe-type>icmp-ping</probe-type><test-size>5</test-size><probe-single-results><rtt>8118</rtt></probe-single-results><probe-last-test-results><probe-test-generic-results><loss-percentage>20.5</loss-percentage></probe-test-generic-results></probe-last-test-results></probe-test-results></probe-results>";
  expect(await get("get_probes_results", { "get-probe-results": results })).toMatchObject({
    lon: { icmp: { rtt: 8.118, last_test_loss: 20, probe_count: 5, source: "", last_test_min_delay: -1 } },
  });
});

test("routes: each next hop, with what BGP adds; another protocol's are left out", async () => {
  const route = (protocol: string) =>
    `<rt><rt-destination>198.51.100.0</rt-destination><rt-prefix-length>24</rt-prefix-length><rt-entry><current-active/><protocol-name>${protocol}</protocol-name><preference>170</preference><age seconds="9">9</age><as-path>AS path: 64501 64502 I
</as-path><communities><community>64501:1</community></communities><peer-as>64501</peer-as><nh><to>192.0.2.2</to><via>ae0.0</via><selected-next-hop/></nh><nh><nh-type>Discard</nh-type></nh></rt-entry></rt>`;
  const reply = `<route-information><route-table><table-name>inet.0</table-name>${route("BGP")}${route("Static")}</route-table></route-information>`;
  const args = { destination: "198.51.100.0/24", protocol: "BGP" };
  const found = await get(
    "get_route_to",
    { "get-route-information extensive destination=198.51.100.0/24 protocol=bgp": reply },
    args,
  );
  expect(found).toMatchObject({
    "198.51.100.0/24": [
      {
        protocol: "BGP",
        current_active: true,
        last_active: false,
        age: 9,
        next_hop: "192.0.2.2",
        outgoing_interface: "ae0.0",
        selected_next_hop: true,
        routing_table: "inet.0",
        protocol_attributes: {
          as_path: "64501 64502",
          communities: ["64501:1"],
          remote_as: 64_501,
          metric: null,
        },
      },
      { next_hop: "", outgoing_interface: "", selected_next_hop: false },
    ],
  });
});

test("connected routes are Junos' direct ones, without attributes", async () => {
  const reply =
    "<route-information><route-table><rt><rt-destination>192.0.2.0</rt-destination><rt-prefix-length>30</rt-prefix-length><rt-entry><protocol-name>Direct</protocol-name><nh><via>ae0.0</via></nh></rt-entry></rt></route-table></route-information>";
  const found = await get(
    "get_route_to",
    { "get-route-information extensive destination=192.0.2.0/30 protocol=direct": reply },
    { destination: "192.0.2.0/30", protocol: "connected" },
  );
  expect(found).toMatchObject({ "192.0.2.0/30": [{ protocol: "Direct", protocol_attributes: {} }] });
});

const pingCommand = "command ping 192.0.2.1 ttl 255 wait 2 size 100 count 5";

test("a ping tells its round trips in milliseconds; no answer, and a refusal, are results", async () => {
  const reply = (loss: number) =>
    `<ping-results><probe-result><ip-address>192.0.2.1</ip-address><rtt>10763</rtt></probe-result><probe-result/><probe-results-summary><probes-sent>5</probes-sent><packet-loss>${loss}</packet-loss><rtt-minimum>4019</rtt-minimum><rtt-average>31541</rtt-average></probe-results-summary></ping-results>`;
  const args = { destination: "192.0.2.1" };
  expect(await get("ping", { [pingCommand]: reply(20) }, args)).toEqual({
    success: {
      probes_sent: 5,
      packet_loss: 20,
      rtt_min: 4.019,
      rtt_max: -0.001,
      rtt_avg: 31.541,
      rtt_stddev: -0.001,
      results: [
        { ip_address: "192.0.2.1", rtt: 10.763 },
        { ip_address: "*", rtt: -0.001 },
      ],
    },
  });
  expect(await get("ping", { [pingCommand]: reply(100) }, args)).toEqual({ error: "Packet loss 100" });
  expect(await get("ping", { [pingCommand]: "refused: no route to host" }, args)).toEqual({
    error: "no route to host",
  });
});

test("options of ping and traceroute go into their commands", async () => {
  const args = { destination: "192.0.2.1", source: "192.0.2.9", ttl: 9, timeout: 1, vrf: "blue" };
  const results = "<traceroute-results/>";
  expect(
    await get(
      "traceroute",
      { "command traceroute 192.0.2.1 source 192.0.2.9 ttl 9 wait 1 routing-instance blue": results },
      args,
    ),
  ).toEqual({ success: {} });
  expect(
    await get(
      "ping",
      {
        "command ping 192.0.2.1 source 192.0.2.9 ttl 9 wait 1 size 64 count 1 routing-instance blue interface ae0":
          "<ping-results/>",
      },
      { ...args, size: 64, count: 1, source_interface: "ae0" },
    ),
  ).toEqual({ error: "" });
});

test("a hop's probes belong together, even where they stand apart", async () => {
  const hop = (ttl: number, index: number, inner: string) =>
    `<hop><ttl-value>${ttl}</ttl-value><probe-result><probe-index>${index}</probe-index>${inner}</probe-result></hop>`;
  const reply = `<traceroute-results>${hop(1, 1, "<ip-address>192.0.2.1</ip-address><host-name>r1</host-name><rtt>1310</rtt>")}${hop(1, 2, "")}</traceroute-results>`;
  expect(
    await get(
      "traceroute",
      { "command traceroute 192.0.2.9 ttl 255 wait 2": reply },
      { destination: "192.0.2.9" },
    ),
  ).toEqual({
    success: {
      "1": {
        probes: {
          "1": { ip_address: "192.0.2.1", host_name: "r1", rtt: 1.31 },
          "2": { ip_address: "*", host_name: "*", rtt: 0 },
        },
      },
    },
  });
});

test("a traceroute that failed says why", async () => {
  const reply =
    "<traceroute-results><traceroute-failure>failed</traceroute-failure><rpc-error><error-message>no route</error-message></rpc-error></traceroute-results>";
  const command = "command traceroute 192.0.2.9 ttl 255 wait 2";
  const args = { destination: "192.0.2.9" };
  expect(await get("traceroute", { [command]: reply }, args)).toEqual({ error: "failed: no route" });
  expect(await get("traceroute", { [command]: "refused: unknown host" }, args)).toEqual({
    error: "unknown host",
  });
});
