import { ipVersion, isIpAddress } from "../values/ip-address.ts";
import { type NxosGetter, text } from "./request.ts";

export const ping: NxosGetter = function* ({ args }) {
  const { destination, timeout = 2, size = 100, count = 5, source, source_interface, vrf } = args;
  const from = source || source_interface;
  const command = `ping${familyOf(destination)} ${destination} timeout ${timeout} packet-size ${size} count ${count}`;
  const output = yield* text(command + (from ? ` source ${from}` : "") + (vrf ? ` vrf ${vrf}` : ""));
  const isSent = output.includes("PING") && !output.includes("connect:");
  return isSent ? { success: statisticsOf(output) } : { error: output };
};

/** Commands to addresses of IPv6 have a 6 in their name: `ping6`. Names are looked up as IPv4. */
export function familyOf(destination: unknown): "" | "6" {
  const text = String(destination);
  return isIpAddress(text) && ipVersion(text) === 6 ? "6" : "";
}

function statisticsOf(output: string) {
  const [sent = 0, received = 0] = numbersOf(TOTALS, output);
  const [rtt_min = 0, rtt_avg = 0, rtt_max = 0] = numbersOf(TIMES, output);
  return {
    probes_sent: sent,
    packet_loss: sent - received,
    rtt_min,
    rtt_avg,
    rtt_max,
    rtt_stddev: 0,
    results: output.split("\n").flatMap(probeOf),
  };
}

function numbersOf(pattern: RegExp, output: string): number[] {
  return [...output.matchAll(pattern)].at(-1)?.slice(1).map(Number) ?? [];
}

const TOTALS = /^\s*(\d+) packets transmitted, (\d+) packets received/gm;
const TIMES = /min\/avg\/max\S* = ([\d.]+)\/([\d.]+)\/([\d.]+)/g;

/** An answer, an answer cut short, or a router's word that the destination cannot be reached. */
function probeOf(line: string): { ip_address: string; rtt: number }[] {
  if (!line.includes("icmp")) return [];
  const from = FROM.exec(line);
  const address = from?.[1] ?? from?.[2];
  if (address === undefined) return [];
  if (/Unreachable|truncated/.test(line)) return [{ ip_address: address, rtt: 0 }];
  const rtt = /time=([\d.]+)/.exec(line)?.[1];
  return rtt === undefined ? [] : [{ ip_address: address, rtt: Number(rtt) }];
}

/** `From host (10.0.0.1) icmp_seq…` or `64 bytes from 10.0.0.1: …` */
const FROM = /from (?:\S+ \(([^)]+)\)|(\S+?)):? /i;
