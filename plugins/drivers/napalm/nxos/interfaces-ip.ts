import { z } from "zod";
import { CommandRefused } from "../getter.ts";
import { ipAddress } from "../values/ip-address.ts";
import { type Asking, type NxosGetter, number, rows, rowsOf, word } from "./request.ts";

type Addresses = Record<string, { prefix_length: number }>;
interface Interface {
  ipv4?: Addresses;
  ipv6?: Addresses;
}

/** An interface has a family only where it has addresses of it. */
export const getInterfacesIp: NxosGetter<Record<string, Interface>> = function* () {
  const interfaces: Record<string, Interface> = {};
  const of = (name: string) => {
    interfaces[name] ??= {};
    return interfaces[name];
  };
  const four = yield* rows("show ip interface", "intf", ipv4Rows);
  const primaries = new Map(four.map((one) => [one["intf-name"], one]));
  for (const one of four) {
    // An unnumbered interface borrows the address of another one.
    const lender = one.prefix ? one : primaries.get(one["unnum-intf"]);
    const own = lender?.prefix ? [[ipAddress(lender.prefix), Number(lender.masklen)] as const] : [];
    const secondary = secondaries.parse(rowsOf(one, "secondary_address"));
    const all = [
      ...own,
      ...secondary.map(({ prefix1, masklen1 }) => [ipAddress(prefix1), masklen1] as const),
    ];
    if (all.length > 0) of(one["intf-name"]).ipv4 = prefixLengths(all);
  }
  for (const one of yield* ipv6Interfaces())
    of(one["intf-name"]).ipv6 = { ...of(one["intf-name"]).ipv6, ...prefixLengths(ipv6AddressesOf(one)) };
  return interfaces;
};

/** A device that does not route IPv6 refuses the command. */
function* ipv6Interfaces(): Asking<z.infer<typeof ipv6Rows>> {
  try {
    return yield* rows("show ipv6 interface", "intf", ipv6Rows);
  } catch (error) {
    if (error instanceof CommandRefused) return [];
    throw error;
  }
}

/** An address that stands without its length has that of the interface's prefix. */
function ipv6AddressesOf(one: z.infer<typeof ipv6Rows>[number]): (readonly [string, number])[] {
  const listed = one.addr ?? addresses.parse(rowsOf(one, "addr")).map(({ addr }) => addr);
  return [listed].flat().map((text) => {
    const [address = "", length = one.prefix?.split("/")[1]] = text.split("/");
    return [ipAddress(address), Number(length ?? 128)] as const;
  });
}

function prefixLengths(all: readonly (readonly [string, number])[]): Addresses {
  return Object.fromEntries(all.map(([address, prefix_length]) => [address, { prefix_length }]));
}

const ipv4Rows = z.array(
  z.object({
    "intf-name": word,
    prefix: z.string().optional(),
    masklen: z.union([number, z.literal("")]).optional(),
    "unnum-intf": word.default(""),
    TABLE_secondary_address: z.unknown().optional(),
  }),
);
const secondaries = z.array(z.object({ prefix1: z.string(), masklen1: number }));
const ipv6Rows = z.array(
  z.object({
    "intf-name": word,
    addr: z.union([z.string(), z.array(z.string())]).optional(),
    TABLE_addr: z.unknown().optional(),
    prefix: z.string().optional(),
  }),
);
const addresses = z.array(z.object({ addr: z.string() }));
