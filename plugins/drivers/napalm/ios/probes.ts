import { type IosGetter, integer, output } from "./request.ts";

/** Echo operations of IP SLA that have a tag, which is the test's name. */
export const getProbesConfig: IosGetter = function* () {
  const config = yield* output("show run | section ip sla [0-9]");
  const blocks = config.split(/^(?=ip sla \d)/m);
  return Object.fromEntries(blocks.flatMap(probeOf));
};

function probeOf(block: string) {
  const id = /^ip\s+sla\s+(\d+)\s*$/m.exec(block)?.[1];
  const setting = (pattern: RegExp) => pattern.exec(block)?.[1];
  const [, target, source] = /^\s+icmp-echo\s+(\S+)\s+source-(?:ip|interface)\s+(\S+)\s*$/m.exec(block) ?? [];
  const name = setting(/^\s+tag\s+(\S[\S ]*?)\s*$/m);
  const interval = setting(/^\s+frequency\s+(\d+)/m);
  const count = setting(/^\s+history\s+buckets-kept\s+(\d+)/m);
  if (id === undefined || target === undefined || name === undefined) return [];
  if (interval === undefined || count === undefined) return [];
  const probe = {
    probe_type: "icmp-ping",
    target,
    source,
    probe_count: integer(count),
    test_interval: integer(interval),
  };
  return [[id, { [name]: probe }] as const];
}
