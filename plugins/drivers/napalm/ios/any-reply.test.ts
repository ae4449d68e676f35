import fc from "fast-check";
import { expect, test } from "vitest";
import { ZodError } from "zod";
import { NetPulseError } from "../../../../src/plugin/index.ts";
import { CommandRefused, runGetter } from "../getter.ts";
import { modelOf } from "../models.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { iosGetters } from "./getters.ts";

/** Lines that getters look for, in no good order. */
const LINES = [
  "For address family: IPv4 Unicast",
  "BGP router identifier 192.0.2.254, local AS number 65000",
  "192.0.2.1       4        65000    1020    1030        5    0    2 1d02h           7",
  "BGP neighbor is 192.0.2.1,  vrf RED,  remote AS 65000, internal link",
  "  BGP version 4, remote router ID 192.0.2.9",
  "  BGP state = Established, up for 1d02h",
  "    Prefixes Current:               12          7 (Consumes 120 bytes)",
  "router bgp 65000",
  " neighbor 192.0.2.1 remote-as 1.2.3",
  " neighbor 192.0.2.1 maximum-prefix 5 80 restart x",
  "CPU utilization for five seconds: 5%/0%; one minute: 6%; five minutes: 7%",
  "Processor  7FBB8B5E3010   1000   x   800   700   600",
  "System memory   : 3931592K total, 1506752K used, 2424840K free",
  "Inlet Temperature Value: hot Degree Celsius",
  "Yellow Threshold : 46 Degree Celsius",
  "r1 uptime is never",
  "GigabitEthernet1 is up, line protocol is up",
  "  Hardware is CSR vNIC, address is 0800.27f8.e842 (bia 0800.27f8.e842)",
  "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,",
  "     14028 packets input, 1766902 bytes, 0 no buffer",
  "     Received 0 broadcasts (0 IP multicasts)",
  "  Internet address is 300.0.2.15/24",
  "    2001:DB8::1::2, subnet is 2001:DB8::/64",
  "Local Intf: Gi1",
  "Chassis id: 2cc2.603e.363b",
  "Enabled Capabilities: B,Z",
  "Device ID           Local Intf     Hold-time  Capability      Port ID",
  "----    -----------       --------    -----",
  "   1    0011.2233.4455    DYNAMIC     Gi1/0/1",
  "                                Gi2/41,Gi2/42",
  "VRF RED (VRF Id = 1); default RD 65000:1; default VPNID <not set>",
  "  Interfaces:",
  "ntp server vrf",
  "*~192.0.2.1       .GPS.            1     54   1024   377  1.186   0.12 x",
  "Te1/0/1      34.6       3.29      -2.0      -3.5",
  "ip sla 1",
  " icmp-echo 192.0.2.1 source-ip 192.0.2.9",
  "  RED                              65000:1               ipv4        Gi0/1",
  "Routing entry for 10.1.0.0/16",
  '  Known via "bgp 65000", distance 20, metric 0',
  "  Routing Descriptor Blocks:",
  "  * 192.0.2.9, from 192.0.2.9, soon ago",
  "      Route metric is 0, traffic share count is 1",
  'Routing Protocol is "bgp 65000"',
  "  65100 65200, (received & used)",
  "    192.0.2.9 from 192.0.2.9 (192.0.2.9)",
  "      Origin IGP, valid, external, best",
  "snmp-server community",
  "username",
  "Sending 5, 100-byte ICMP Echos to 192.0.2.1, timeout is 2 seconds:",
  "Success rate is 80 percent (4/5), round-trip min/avg/max = 1/2/4 ms",
  "  1 nowhere 14 msec 11 msec * * *",
  "1    default                          active    Gi1/0/1, Po1",
  "IPv6 Address                              Age Link-layer Addr State Interface",
  "% Invalid input detected at '^' marker.",
  "% Incomplete command.",
  "Switch mode                  : Virtual Switch",
];

const reply = fc
  .array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...LINES) }, fc.string({ unit: "binary" })), {
    maxLength: 12,
  })
  .map((lines) => lines.join("\n"));

const TYPED = [InvalidValue, CommandRefused, NetPulseError, ZodError];

test.each(Object.keys(iosGetters))(
  "%s makes its model of whatever a device says, or fails with a reason of its own",
  async (name) => {
    const getter = iosGetters[name];
    if (!getter) throw new Error(name);
    const args = { destination: "192.0.2.1" };
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(reply), async (replies) => {
        const next = async () => replies.next().value ?? "";
        const model = await runGetter(getter, { args, now: 0 }, next).then(
          (value) => modelOf(name)?.safeParse(value).error,
          (error: unknown) => error,
        );
        if (model !== undefined)
          expect(
            TYPED.some((type) => model instanceof type),
            String(model),
          ).toBe(true);
      }),
      { numRuns: 60 },
    );
  },
);
