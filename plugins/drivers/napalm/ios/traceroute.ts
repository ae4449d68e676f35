import { CommandRefused } from "../getter.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { ipAddress } from "../values/ip-address.ts";
import { answer, type IosGetter, isRefusal } from "./request.ts";

/** As many as the device sends to each hop unless it is told otherwise. */
const PROBES = 3;
const UNANSWERED = { rtt: 0, ip_address: "", host_name: "" };

export const traceroute: IosGetter = function* ({ args }) {
  const { destination, source, vrf } = args;
  const [ttl, timeout] = [Number(args.ttl ?? 255), Number(args.timeout ?? 2)];
  const options = [
    source && ` source ${source}`,
    ttl > 0 && ttl <= 255 && ` ttl 0 ${ttl}`,
    timeout > 0 && timeout <= 3600 && ` timeout ${timeout}`,
  ];
  const command = `traceroute ${vrf ? `vrf ${vrf} ` : ""}${destination}${options.map((one) => one || "").join("")}`;
  const text = yield* answer({ command, timeoutSeconds: Math.max(LEAST_SECONDS, ttl * timeout) });
  if (text.includes("Unrecognized host or address")) return { error: `unknown host ${destination}` };
  if (isRefusal(text)) throw new CommandRefused(text, { command });
  return {
    success: Object.fromEntries(
      text
        .split(/\n(?=[^\S\n]+\d{1,3}\s)/)
        .slice(1)
        .map(hopOf),
    ),
  };
};

const LEAST_SECONDS = 100;

/** A hop's number, then names, addresses in parentheses, times, `*` and remarks such as `!N` or `[MPLS: Label 17 Exp 0]`; what answered stands before its times. */
function hopOf(text: string) {
  const [index = "", ...words] = text
    .replace(/ \[[^\]]*\]/g, "")
    .replaceAll(" msec", "msec")
    .split(/\s+/)
    .filter(Boolean);
  const probes: (typeof UNANSWERED)[] = [];
  let host = { ip_address: "", host_name: "" };
  for (const word of words) {
    if (word.startsWith("!")) continue;
    if (word === "*") probes.push(UNANSWERED);
    else if (word.endsWith("msec"))
      probes.push({ ...host, ip_address: ipAddress(host.ip_address), rtt: Number(word.replace("msec", "")) });
    else if (word.startsWith("(")) host = { ...host, ip_address: word.replace(/[()]/g, "") };
    else host = { host_name: word, ip_address: word };
  }
  if (probes.some(({ rtt }) => Number.isNaN(rtt))) throw new InvalidValue("a hop of a route", text);
  const numbered = Array.from(
    { length: Math.max(PROBES, probes.length) },
    (_, at) => [at + 1, probes[at] ?? UNANSWERED] as const,
  );
  return [index, { probes: Object.fromEntries(numbered) }] as const;
}
