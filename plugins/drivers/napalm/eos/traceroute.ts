import { ipAddressOr } from "../values/ip-address.ts";
import { type EosGetter, texts } from "./request.ts";

const PROBES = 3;
const UNANSWERED = { host: "*", address: "*" };

export const traceroute: EosGetter = function* ({ args }) {
  const { destination, source = "", ttl = 255, timeout = 2, vrf } = args;
  const [hops, seconds] = [Number(ttl), Number(timeout)];
  // The CLI's own traceroute has none of these options; the shell's has, and is given an end.
  const options = [source && `-s ${source}`, hops && `-m ${hops}`, seconds && `-w ${seconds}`].map(
    (one) => one || "",
  );
  const command = `bash timeout ${seconds * hops} traceroute ${destination} ${options.join(" ")}`;
  const output = (yield* texts([...(vrf ? [`cli vrf ${vrf}`] : []), command])).at(-1) ?? "";
  return { success: Object.fromEntries(output.split("\n").flatMap((line) => hopOf(line, seconds * 1000))) };
};

/** A hop's probes; one without an address went the way of the one before it. */
function hopOf(line: string, timeoutMs: number): [string, { probes: Record<number, unknown> }][] {
  const [, index, rest = ""] = /^\s*(\d+)\s(.*)$/.exec(line) ?? [];
  if (index === undefined) return [];
  const found = [...rest.matchAll(/\*|(?:([\w.:-]+)\s+\(([^)]+)\)\s+)?(\d+\.\d+)\s+ms/g)].slice(0, PROBES);
  if (found.length < PROBES) return [];
  let previous = UNANSWERED;
  const probes = found.map(([, host, address, rtt], at) => {
    const named =
      host !== undefined && address !== undefined
        ? { host, address: ipAddressOr(address, address) }
        : previous;
    previous = rtt === undefined ? UNANSWERED : named;
    const { host: host_name, address: ip_address } = previous;
    return [at + 1, { host_name, ip_address, rtt: rtt === undefined ? timeoutMs : Number(rtt) }] as const;
  });
  return [[index, { probes: Object.fromEntries(probes) }]];
}
