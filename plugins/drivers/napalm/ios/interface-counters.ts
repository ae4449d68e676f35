import { abbreviatedInterfaceName } from "../values/interface-name.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { columns, type IosGetter, output, outputOrRefusal } from "./request.ts";

type Counters = Record<string, number>;

/** Counters of interfaces; what IOS does not tell is -1, as broadcasts and multicasts that were sent. */
export const getInterfacesCounters: IosGetter = function* () {
  const text = yield* output("show interfaces");
  const queues = droppedByQueue((yield* outputOrRefusal("show interface summary")) ?? "");
  const interfaces = new Map<string, Counters>();
  for (const block of text.split(/^(?=.* line protocol is )/m)) {
    const name = /^(.*) is .* line protocol is /.exec(block)?.[1]?.trim();
    if (name === undefined) throw new InvalidValue("an interface", block.slice(0, 80));
    // The table abbreviates the longest names.
    const dropped = queues.get(name) ?? queues.get(abbreviatedInterfaceName(name));
    interfaces.set(name, { ...countersOf(block), ...dropped });
  }
  return Object.fromEntries(interfaces);
};

function countersOf(block: string): Counters {
  const counters = { ...UNKNOWN };
  for (const line of block.split("\n")) {
    const traffic = /(\d+) packets (input|output).* (\d+) bytes/.exec(line);
    const errors = /(\d+) (input|output) errors/.exec(line);
    if (traffic) {
      const [, packets, direction, bytes] = traffic;
      const side = sideOf(direction);
      counters[`${side}_unicast_packets`] = Number(packets);
      counters[`${side}_octets`] = Number(bytes);
    } else if (line.includes("broadcast")) {
      const [, broadcasts = -1, multicasts = -1] =
        /Received (\d+) broadcasts(?:[^(]*\((\d+).*multicasts)?/.exec(line) ?? [];
      Object.assign(counters, {
        rx_broadcast_packets: Number(broadcasts),
        rx_multicast_packets: Number(multicasts),
      });
    } else if (errors) {
      const side = sideOf(errors[2]);
      counters[`${side}_errors`] = Number(errors[1]);
    }
  }
  return counters;
}

const sideOf = (direction: string | undefined) => (direction === "input" ? "rx" : "tx");

const UNKNOWN: Counters = Object.fromEntries(
  ["errors", "discards", "octets", "unicast_packets", "multicast_packets", "broadcast_packets"].flatMap(
    (what) => [
      [`rx_${what}`, -1],
      [`tx_${what}`, -1],
    ],
  ),
);

/** Packets dropped from the queues, by the name in the table: `* Te0/0/0  0 1 0 2 …` (IHQ IQD OHQ OQD and more). */
function droppedByQueue(summary: string): ReadonlyMap<string, Counters> {
  return new Map(
    summary.split("\n").flatMap((line) => {
      const [name = "", ...counts] = columns(line.replace(/^\*/, ""));
      if (counts.length < COLUMNS || !counts.every((one) => /^\d+$/.test(one))) return [];
      return [[name, { rx_discards: Number(counts[1]), tx_discards: Number(counts[3]) }] as const];
    }),
  );
}

const COLUMNS = 9;
