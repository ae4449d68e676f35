import { expect, test } from "vitest";
import { CommandRefused, runGetter } from "../getter.ts";
import { getInterfacesIp } from "./interfaces.ts";
import { getArpTable } from "./neighbours.ts";
import type { EapiRequest } from "./request.ts";
import { getVlans } from "./switching.ts";

const context = { args: {}, now: 0 };

test("a release without VRFs has an empty ARP table", async () => {
  const refuse = () => Promise.reject(new CommandRefused("Invalid input"));
  expect(await runGetter(getArpTable, context, refuse)).toEqual([]);
});

test("a device without IPv6 still tells its IPv4 addresses; 0.0.0.0 is none", async () => {
  const answer = ({ commands: [command] }: EapiRequest): Promise<readonly unknown[]> => {
    if (command === "show ipv6 interface")
      return Promise.reject(new CommandRefused("No IPv6 configured interfaces"));
    const primary = (address: string) => ({ interfaceAddress: { primaryIp: { address, maskLen: 24 } } });
    return Promise.resolve([{ interfaces: { Et1: primary("10.0.0.1"), Et2: primary("0.0.0.0") } }]);
  };
  expect(await runGetter(getInterfacesIp, context, answer)).toEqual({
    Et1: { ipv4: { "10.0.0.1": { prefix_length: 24 } }, ipv6: {} },
    Et2: { ipv4: {}, ipv6: {} },
  });
});

test("a reply of another shape fails and names the field", async () => {
  await expect(runGetter(getVlans, context, () => Promise.resolve([{}]))).rejects.toThrow("vlans");
});
