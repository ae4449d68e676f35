import type { XmlElement } from "../../../../src/device/xml/index.ts";
import { InvalidValue } from "../values/invalid-value.ts";
import { decimal, integer } from "./fields.ts";

/** What NAPALM calls the kinds of probe. */
export interface ProbeKinds {
  readonly [kind: string]: "icmp-ping" | "udp-ping" | "icmp-ping-timestamp" | "udp-ping-timestamp";
}

/** Where the configuration of probes stands. */
export interface ProbeConfigPaths {
  readonly definitions: string;
  readonly id: string;
  /** An element whose only child is named after the kind of probe. */
  readonly type: string;
  readonly tag: string;
  readonly source: string;
  readonly target: string;
  readonly interval: string;
  readonly buckets: string;
  readonly kinds: ProbeKinds;
}

type ProbeConfig = Record<string, Record<string, ReturnType<typeof probeOf>>>;

/** By the number of the operation and then by its tag. An operation without a type is not complete and left out. */
export function probesConfig(reply: XmlElement, paths: ProbeConfigPaths): ProbeConfig {
  const model: ProbeConfig = {};
  for (const definition of reply.all(paths.definitions)) {
    const [operation] = definition.first(paths.type)?.children ?? [];
    if (!operation) continue;
    const id = definition.value(paths.id);
    model[id] ??= {};
    model[id][operation.value(paths.tag)] = probeOf(operation, paths);
  }
  return model;
}

function probeOf(operation: XmlElement, paths: ProbeConfigPaths) {
  return {
    probe_type: paths.kinds[operation.name] ?? "",
    source: operation.value(paths.source),
    target: operation.value(paths.target),
    probe_count: integer(operation, paths.buckets),
    test_interval: integer(operation, paths.interval),
  };
}

/** Where results of probes stand: three places below an operation, and names below them. */
export interface ProbeResultPaths {
  readonly operations: string;
  readonly id: string;
  readonly kind: string;
  /** Lists of lives; the last life of each counts. */
  readonly lives: string;
  readonly life: string;
  readonly responseTimes: string;
  readonly returnCodes: string;
  readonly ok: string;
  readonly latest: string;
  readonly aggregated: string;
  readonly minimum: string;
  readonly maximum: string;
  readonly sum: string;
  readonly squares: string;
  readonly updates: string;
  readonly kinds: ProbeKinds;
}

/** Throws InvalidValue for a probe that is not configured: where it belongs is only known from its configuration. */
export function probesResults(reply: XmlElement, config: ProbeConfig, paths: ProbeResultPaths) {
  return Object.fromEntries(
    reply.all(paths.operations).map((operation) => {
      const id = operation.value(paths.id);
      const [first] = Object.entries(config[id] ?? {});
      if (!first) throw new InvalidValue("a probe that is configured", id);
      const [test, { source, probe_count }] = first;
      return [id, { [test]: { ...resultOf(operation, paths), source, probe_count } }];
    }),
  );
}

/** A running test has no figures of its own; the target of a result is left empty, as NAPALM does. */
function resultOf(operation: XmlElement, paths: ProbeResultPaths) {
  const lives = operation.all(paths.lives).flatMap((one) => one.all(paths.life).slice(-1));
  const times = lives.flatMap((life) => life.all(paths.responseTimes)).map((one) => integer(one, "."));
  const rtt = mean(
    times.reduce((sum, one) => sum + one, 0),
    times.length,
  );
  const codes = lives.flatMap((life) => life.all(paths.returnCodes)).map((one) => one.value());
  const answered = codes.filter((one) => one === paths.ok).length;
  const updates = decimal(operation, `${paths.aggregated}/${paths.updates}`);
  const squares = decimal(operation, `${paths.aggregated}/${paths.squares}`);
  return {
    target: "",
    probe_type: paths.kinds[operation.value(paths.kind)] ?? "",
    rtt,
    round_trip_jitter: updates === 0 ? 0 : rtt - Math.sqrt(squares / updates),
    last_test_loss: codes.length === 0 ? 0 : Math.trunc(100 * (1 - answered / codes.length)),
    current_test_min_delay: 0,
    current_test_max_delay: 0,
    current_test_avg_delay: 0,
    ...delays("last_test", operation, paths.latest, paths),
    ...delays("global_test", operation, paths.aggregated, paths),
  };
}

function delays(test: string, operation: XmlElement, at: string, paths: ProbeResultPaths) {
  const sum = decimal(operation, `${at}/${paths.sum}`);
  return {
    [`${test}_min_delay`]: decimal(operation, `${at}/${paths.minimum}`),
    [`${test}_max_delay`]: decimal(operation, `${at}/${paths.maximum}`),
    [`${test}_avg_delay`]: mean(sum, decimal(operation, `${at}/${paths.updates}`)),
  };
}

function mean(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}
