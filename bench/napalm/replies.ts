import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A getter with the texts that a device answers, by command or name of the remote procedure call. */
export interface ReplyCase {
  readonly driver: "eos" | "ios" | "junos";
  readonly getter: "get_facts" | "get_interfaces";
  readonly texts: Readonly<Record<string, string>>;
  /** What PyEZ knows of a Junos device beside replies. */
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly uptime?: number;
}

/** With NETPULSE_CORPUS (a folder as for `npm run conformance`) the replies recorded there, otherwise those of devices with 48 ports. */
export function replyCases(): ReplyCase[] {
  const corpus = process.env.NETPULSE_CORPUS;
  return corpus === undefined ? madeCases() : recordedCases(corpus);
}

interface Recorded {
  readonly driver: ReplyCase["driver"];
  readonly getter: string;
  readonly pyez_facts?: Readonly<Record<string, unknown>>;
  readonly pyez_uptime?: number;
  readonly requests: readonly {
    readonly commands?: readonly string[];
    readonly command?: string;
    readonly rpc?: string;
    readonly response?: unknown;
    readonly response_xml?: string;
  }[];
}

function recordedCases(corpus: string): ReplyCase[] {
  return (["eos", "ios", "junos"] as const).flatMap((driver) =>
    readFileSync(join(corpus, "napalm", `${driver}.jsonl`), "utf8")
      .trim()
      .split("\n")
      .map((line): Recorded => JSON.parse(line))
      .filter(({ getter }) => getter === "get_facts" || getter === "get_interfaces")
      .map(caseOf),
  );
}

function caseOf({ driver, getter, requests, pyez_facts, pyez_uptime }: Recorded): ReplyCase {
  const texts = requests.flatMap(({ commands = [], command, rpc, response, response_xml }) => [
    ...commands.map((each, index) => [each, JSON.stringify((response as unknown[])[index])] as const),
    ...(command === undefined ? [] : [[command, String(response)] as const]),
    ...(rpc === undefined ? [] : [[rpc, response_xml ?? ""] as const]),
  ]);
  return {
    driver,
    getter: getter as ReplyCase["getter"],
    texts: Object.fromEntries(texts),
    ...(pyez_facts && { facts: pyez_facts }),
    ...(pyez_uptime !== undefined && { uptime: pyez_uptime }),
  };
}

const PORTS = Array.from({ length: 48 }, (_, index) => index + 1);
const mac = (port: number) => `0011.2233.${port.toString(16).padStart(4, "0")}`;

function madeCases(): ReplyCase[] {
  const texts = {
    eos: eosTexts(),
    ios: iosTexts(),
    junos: { "get-interface-information": junosInterfaces() },
  };
  return (["eos", "ios", "junos"] as const).flatMap((driver) =>
    (["get_facts", "get_interfaces"] as const).map((getter) => ({
      driver,
      getter,
      texts: texts[driver],
      ...(driver === "junos" && { facts: FACTS, uptime: 4380 }),
    })),
  );
}

const FACTS = {
  hostname: "leaf1",
  fqdn: "leaf1.example.net",
  model: "EX4300-48T",
  serialnumber: "PE1",
  version: "21.4R3",
  switch_style: "VLAN_L2NG",
  srx_cluster: false,
};

function eosTexts(): Record<string, string> {
  const ports = PORTS.map((port) => [
    `Ethernet${port}`,
    {
      name: `Ethernet${port}`,
      lineProtocolStatus: "up",
      interfaceStatus: "connected",
      description: `to host ${port}`,
      lastStatusChangeTimestamp: 1_700_000_000 + port,
      mtu: 9214,
      bandwidth: 10_000_000_000,
      physicalAddress: mac(port),
      interfaceCounters: {
        inOctets: port * 1000,
        outOctets: port * 2000,
        inUcastPkts: port,
        outUcastPkts: port,
      },
    },
  ]);
  return {
    "show version": JSON.stringify({
      modelName: "DCS-7050",
      serialNumber: "S1",
      internalVersion: "4.31.0F-1",
      bootupTimestamp: 1_700_000_000,
      version: "4.31.0F",
    }),
    "show hostname": JSON.stringify({ hostname: "leaf1", fqdn: "leaf1.example.net" }),
    "show interfaces": JSON.stringify({ interfaces: Object.fromEntries(ports) }),
  };
}

function iosTexts(): Record<string, string> {
  const name = (port: number) => `GigabitEthernet1/0/${port}`;
  return {
    "show version": IOS_VERSION,
    "show hosts": "Default domain is example.net\nName/address lookup uses static mappings\n",
    "show ip interface brief": [
      "Interface              IP-Address      OK? Method Status                Protocol",
      ...PORTS.map((port) => `${name(port).padEnd(22)} unassigned      YES unset  up                    up`),
    ].join("\n"),
    "show interfaces": PORTS.map((port) => iosInterface(name(port), mac(port))).join("\n"),
  };
}

const IOS_VERSION = `Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E3, RELEASE SOFTWARE (fc3)
leaf1 uptime is 5 weeks, 1 day, 2 hours, 30 minutes
System returned to ROM by power-on
cisco WS-C2960X-48TS-L (APM86XXX) processor (revision A0) with 524288K bytes of memory.
Processor board ID FOC2136Y0AB
Configuration register is 0xF
`;

function iosInterface(name: string, address: string): string {
  return `${name} is up, line protocol is up (connected)
  Hardware is Gigabit Ethernet, address is ${address} (bia ${address})
  Description: to a host
  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,
     reliability 255/255, txload 1/255, rxload 1/255
  Encapsulation ARPA, loopback not set
  Full-duplex, 1000Mb/s, media type is 10/100/1000BaseTX
  Last input 00:00:01, output 00:00:00, output hang never
     1234 packets input, 123456 bytes, 0 no buffer
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     4321 packets output, 654321 bytes, 0 underruns
`;
}

function junosInterfaces(): string {
  const ports = PORTS.map(
    (port) => `  <physical-interface>
    <name>ge-0/0/${port}</name>
    <admin-status format="Enabled">up</admin-status>
    <oper-status>up</oper-status>
    <local-index>${port}</local-index>
    <description>to host ${port}</description>
    <link-level-type>Ethernet</link-level-type>
    <mtu>1514</mtu>
    <speed>1000mbps</speed>
    <current-physical-address>00:11:22:33:44:${port.toString(16).padStart(2, "0")}</current-physical-address>
    <interface-flapped seconds="${port * 100}">2026-11-01 00:00:00 UTC (00:10:00 ago)</interface-flapped>
    <logical-interface>
      <name>ge-0/0/${port}.0</name>
      <if-config-flags><iff-up/></if-config-flags>
      <address-family><address-family-name>inet</address-family-name><mtu>1500</mtu></address-family>
    </logical-interface>
  </physical-interface>`,
  );
  return `<interface-information style="normal">\n${ports.join("\n")}\n</interface-information>`;
}
