import { asNumber } from "../values/as-number.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { isIpAddress } from "../values/ip-address.ts";

/** A neighbour as the summary of its address family has it. */
export interface SummaryRow {
  /** `IPv4 Unicast`, `VPNv4 Unicast`, … */
  readonly family: string;
  readonly routerId: string;
  readonly localAs: number;
  readonly address: string;
  readonly remoteAs: number;
  readonly queuedOut: number;
  /** `never`, `12w2d`, `12:22:20`. */
  readonly upDown: string;
  /** Received prefixes, or the state of a session that is not established. */
  readonly state: string;
}

/** The rows of `show bgp all summary`. A long address stands alone on the line before the rest of its row. */
export function summaryRows(text: string): SummaryRow[] {
  const rows: SummaryRow[] = [];
  let [family, routerId, localAs, alone] = ["", "", 0, ""];
  for (const line of text.split("\n")) {
    const [, name] = /^For address family: (\S.*?)\s*$/.exec(line) ?? [];
    const [, id, own = ""] = / router identifier (\S+), local AS number ([\d.]+)/.exec(line) ?? [];
    const [, address, remoteAs = "", queuedOut, upDown = "", state = ""] = ROW.exec(line) ?? [];
    if (name !== undefined) family = name;
    else if (id !== undefined) [routerId, localAs] = [id, asNumber(own.replace(/\.$/, ""))];
    else if (upDown !== "") {
      const found = address || alone;
      if (!isIpAddress(found)) throw new InvalidValue("a BGP neighbour", line);
      rows.push({
        family,
        routerId,
        localAs,
        address: found,
        remoteAs: asNumber(remoteAs),
        queuedOut: Number(queuedOut),
        upDown,
        state: state.trim(),
      });
    } else alone = /^\*?([\da-f.:]+)\s*$/i.exec(line)?.[1] ?? "";
  }
  return rows;
}

/** Address, version, AS, messages received and sent, version of the table, queues in and out, time, state. */
const ROW = /^\*?([\da-f.:]*)\s+\d+\s+([\d.]+)(?:\s+\d+){4}\s+(\d+)\s+(never|\d\S+)\s+(\S.*)$/i;

/** Seconds of a time as BGP prints it: `00:14:23`, `1d11h`, `8w5d`, `1y28w`; -1 for `never`. Throws InvalidValue. */
export function bgpSeconds(text: string): number {
  if (text.includes("never")) return -1;
  const [, hours, minutes, seconds] = /^(\d+):(\d+):(\d+)$/.exec(text) ?? [];
  if (hours !== undefined) return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  const parts = [...text.matchAll(/(\d+)([ywdh])/g)];
  if (parts.map(([part]) => part).join("") !== text || text === "")
    throw new InvalidValue("a time of BGP", text);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (SECONDS[unit ?? ""] ?? 0), 0);
}

const DAY = 86_400;
const SECONDS: Readonly<Record<string, number>> = { y: 365 * DAY, w: 7 * DAY, d: DAY, h: 3600 };
