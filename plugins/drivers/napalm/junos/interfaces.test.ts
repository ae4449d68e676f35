import { expect, test } from "vitest";
import { get } from "./test-device.ts";

const port = (name: string, inner: string, logical = "") =>
  `<physical-interface><name>${name}</name><admin-status>up</admin-status><oper-status>up</oper-status>${inner}${logical}</physical-interface>`;

const information = (...ports: string[]) =>
  `<interface-information>${ports.join("")}</interface-information>`;

const interfaces = (...ports: string[]) =>
  get("get_interfaces", { "get-interface-information": information(...ports) });

test("a logical interface shares its port's state and is disabled by a flag of its own", async () => {
  const inner =
    "<description>uplink</description><mtu>1514</mtu><speed>1000mbps</speed><current-physical-address>00:05:86:71:a4:00</current-physical-address>" +
    '<interface-flapped xmlns:junos="x" junos:seconds="77">never mind</interface-flapped>';
  const logical =
    "<logical-interface><name>ge-0/0/0.0</name><if-config-flags><iff-down/></if-config-flags></logical-interface>" +
    "<logical-interface><name>ge-0/0/0.1</name><if-config-flags><iff-up/></if-config-flags></logical-interface>";
  const shared = { is_up: true, last_flapped: 77, mac_address: "00:05:86:71:A4:00", speed: 1000, mtu: 1514 };
  expect(await interfaces(port("ge-0/0/0", inner, logical))).toEqual({
    "ge-0/0/0": { ...shared, is_enabled: true, description: "uplink" },
    "ge-0/0/0.0": { ...shared, is_enabled: false, description: "" },
    "ge-0/0/0.1": { ...shared, is_enabled: true, description: "" },
  });
});

test("speeds are Mbit/s, negotiated ones where a port negotiates, -1 where it has none", async () => {
  const speed = (text: string, more = "") => `<speed>${text}</speed>${more}`;
  const partner = (text: string) =>
    `<ethernet-autonegotiation><link-partner-speed>${text}</link-partner-speed></ethernet-autonegotiation>`;
  expect(
    await interfaces(
      port("a", speed("10Gbps")),
      port("b", speed("Auto", partner("100 Mbps"))),
      port("c", speed("Auto", partner("1Gbps"))),
      port("d", speed("Auto")),
      port("e", speed("Unspecified")),
      port("f", ""),
    ),
  ).toMatchObject({
    a: { speed: 10_000 },
    b: { speed: 100 },
    c: { speed: 1000 },
    d: { speed: -1 },
    e: { speed: -1 },
    f: { speed: -1 },
  });
});

test("an interface without address, size and history says so in NAPALM's way", async () => {
  expect(await interfaces(port("lo0", "<mtu>Unlimited</mtu>"))).toEqual({
    lo0: {
      is_up: true,
      is_enabled: true,
      description: "",
      last_flapped: -1,
      mac_address: "None",
      speed: -1,
      mtu: 0,
    },
  });
});

test("counters are those of ports and of their units, -1 where there is none", async () => {
  const logical =
    "<logical-interface><name>ge-0/0/0.0</name><traffic-statistics><input-bytes>7</input-bytes></traffic-statistics></logical-interface>";
  const inner =
    "<traffic-statistics><input-bytes>1</input-bytes><output-bytes>2</output-bytes></traffic-statistics>" +
    "<output-error-list><output-drops>3</output-drops></output-error-list>";
  const found = await get("get_interfaces_counters", {
    "get-interface-information extensive interface-name=[vmfgxe][mlet]*": information(
      port("ge-0/0/0", inner, logical),
    ),
  });
  expect(found).toMatchObject({
    "ge-0/0/0": { rx_octets: 1, tx_octets: 2, tx_discards: 3, rx_errors: -1 },
    "ge-0/0/0.0": { rx_octets: 7, tx_octets: -1 },
  });
});

test("an address without a length is a host's; other families and addresses without themselves are passed over", async () => {
  const family = (name: string, ...addresses: string[]) =>
    `<address-family><address-family-name>${name}</address-family-name>${addresses
      .map((one) => `<interface-address>${one}</interface-address>`)
      .join("")}</address-family>`;
  const unit = `<logical-interface><name>ge-0/0/0.0</name>${family("inet", "<ifa-local>192.0.2.1/24</ifa-local>", "<ifa-destination>192.0.2.9</ifa-destination>")}${family("inet6", "<ifa-local>2001:0DB8::1</ifa-local>")}${family("iso", "<ifa-local>49.0001</ifa-local>")}</logical-interface>`;
  expect(
    await get("get_interfaces_ip", {
      "get-interface-information terse": information(port("ge-0/0/0", "", unit)),
    }),
  ).toEqual({
    "ge-0/0/0.0": {
      ipv4: { "192.0.2.1": { prefix_length: 24 } },
      ipv6: { "2001:db8::1": { prefix_length: 128 } },
    },
  });
});

test("facts name the physical interfaces", async () => {
  expect(
    await get("get_facts", {
      "fact identity": {
        hostname: "r1",
        fqdn: "r1.example.net",
        model: "MX",
        serialNumber: "S",
        version: "21.4",
      },
      "fact uptime": 12,
      "get-interface-information": information(port("ge-0/0/0", ""), port("lo0", "")),
    }),
  ).toEqual({
    vendor: "Juniper",
    hostname: "r1",
    fqdn: "r1.example.net",
    model: "MX",
    serial_number: "S",
    os_version: "21.4",
    uptime: 12,
    interface_list: ["ge-0/0/0", "lo0"],
  });
});

test("a counter may be more than a number holds exactly", async () => {
  const inner = "<traffic-statistics><input-bytes>18446744073709551615</input-bytes></traffic-statistics>";
  const found = await get("get_interfaces_counters", {
    "get-interface-information": information(port("ge-0/0/0", inner)),
  });
  expect(found).toMatchObject({ "ge-0/0/0": { rx_octets: 2 ** 64 } });
});
