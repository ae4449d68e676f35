import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { CommandRefused, runGetter } from "../getter.ts";
import { nxosSshGetters } from "../nxos_ssh/getters.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { nxosGetters } from "./getters.ts";
import type { NxosGetter } from "./request.ts";

/** Words that the getters look for, so that odd texts come near to real ones. */
const WORDS = [
  "Ethernet1/1",
  "Ethernet1/1 is up",
  "admin state is up",
  ", line protocol is",
  "MTU 1500 bytes,  BW 1000000 Kbit",
  "Hardware: NVE",
  "Interface status",
  "IP address: 10.0.0.1, IP subnet: 10.0.0.0/24",
  "[VALID]",
  "BGP summary information for VRF default, address family IPv4 Unicast",
  "BGP router identifier 10.0.0.1, local AS number 1.1",
  "Neighbor  V  State/PfxRcd",
  "Address  Age  MAC Address  Interface",
  "2cc2.60ff.0021",
  "00:00:04",
  "---------+----",
  "* 27 0026.f064.0000 dynamic - F F po1",
  "Chassis id: x",
  "Local Port id: Eth1/1",
  "System Capabilities: B, R",
  "Memory usage: 1K total, 1K used, 1K free",
  'IP Route Table for VRF "red"',
  "10.0.0.0/8, ubest/mbest: 1/0",
  "    *via 10.0.0.1, Eth1/1, [20/0], 1d2h, bgp-1, external",
  "transceiver is present",
  "PING 10.0.0.1",
  "64 bytes from 10.0.0.1: icmp_seq=0 ttl=57 time=1.0 ms",
  " 1  a (10.0.0.1)  0.7 ms  0.8 ms  0.9 ms",
  "username a password 5 b role c",
  "(",
  "",
];

const line = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 12 })), { maxLength: 4 });
const text = fc
  .array(line, { maxLength: 12 })
  .map((lines) => lines.map((words) => words.join(" ")).join("\n"));

/** Tables of rows that have some of the fields, with values of any kind. */
const FIELDS = [
  "interface",
  "state",
  "eth_link_flapped",
  "eth_bw",
  "name",
  "vrf_name",
  "rd",
  "intf-name",
  "prefix",
  "masklen",
  "addr",
  "vrf-name-out",
  "mac",
  "vlanshowbr-vlanid",
  "vlanshowbr-vlanname",
  "vlanshowplist-ifidx",
  "remote",
  "powersup",
];
const TABLES = ["interface", "inv", "vrf", "intf", "vlanbriefxbrief", "peers", "mac_address", "af", "adj"];
const value = fc.oneof(fc.constantFrom("up", "10.0.0.1", "1", "-", "1d2h"), fc.jsonValue({ maxDepth: 1 }));
const row = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 8 });
const rows = fc.oneof(row, fc.array(row, { maxLength: 3 }), fc.constant(null));
const table = fc.tuple(fc.constantFrom(...TABLES), rows, fc.boolean()).map(([name, of, isList]) => ({
  [`TABLE_${name}`]: isList ? [{ [`ROW_${name}`]: of }] : { [`ROW_${name}`]: of },
}));
const data = fc.oneof(table, fc.jsonValue({ maxDepth: 2 }));

const getters: [string, NxosGetter][] = [
  ...Object.entries(nxosGetters).map(([name, getter]) => [`nxos ${name}`, getter] as [string, NxosGetter]),
  ...Object.entries(nxosSshGetters).map(
    ([name, getter]) => [`nxos_ssh ${name}`, getter] as [string, NxosGetter],
  ),
];

test.each(getters)(
  "%s makes a result or a typed error of whatever a device answers",
  async (_name, getter) => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(text), fc.infiniteStream(data), async (texts, replies) => {
        const ask = async ({ format }: { readonly format: string }) =>
          format === "text" ? texts.next().value : replies.next().value;
        try {
          await runGetter(getter, { args: { destination: "10.0.0.1" }, now: 0 }, ask);
        } catch (error) {
          const isTyped =
            error instanceof z.ZodError || error instanceof InvalidValue || error instanceof CommandRefused;
          expect(isTyped ? undefined : error).toBeUndefined();
        }
      }),
      { numRuns: 60 },
    );
  },
);
