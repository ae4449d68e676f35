import { byTwo } from "./grouped.ts";
import { configuration, type JunosGetter, rpc } from "./request.ts";
import { decimal, type Field, integer, table, text } from "./rows.ts";

export const getProbesConfig: JunosGetter = function* () {
  const tests = configTable(yield* configuration("services/rpm/probe/test"));
  return byTwo(
    tests.flatMap((one) => {
      const model = {
        probe_type: one.type ?? "",
        target: one.target ?? "",
        source: one.source ?? "",
        probe_count: one.count ?? 0,
        test_interval: one.interval ?? 0,
      };
      return one.name === null ? [] : [[one.probe ?? "", one.name, model] as const];
    }),
  );
};

const configTable = table("services/rpm/probe/test", {
  name: text("name"),
  probe: text("../name"),
  type: text("probe-type"),
  target: text("target/address"),
  source: text("source-address"),
  count: integer("probe-count"),
  interval: integer("test-interval"),
});

export const getProbesResults: JunosGetter = function* () {
  const results = resultTable(yield* rpc("get-probe-results"));
  return byTwo(
    results.flatMap(({ owner, test, target, source, probe_type, probe_count, loss, ...durations }) => {
      const model = {
        target: target ?? "",
        source: source ?? "",
        probe_type: probe_type ?? "",
        probe_count: probe_count ?? 0,
        last_test_loss: Math.trunc(loss ?? 0),
        ...durations,
      };
      return owner === null ? [] : [[owner, test ?? "", model] as const];
    }),
  );
};

/** A duration that the device tells in microseconds, in milliseconds; -1 where it tells none. */
function milliseconds(path: string): Field<number> {
  const microseconds = decimal(path);
  return (row) => {
    const found = microseconds(row);
    return found === null ? -1 : found * 1e-3;
  };
}

/** Least, greatest and mean round trip of one scope of tests. */
function delaysOf(scope: string, prefix: string) {
  const path = `${scope}/probe-test-generic-results/probe-test-rtt/probe-summary-results`;
  return {
    [`${prefix}_min_delay`]: milliseconds(`${path}/min-delay`),
    [`${prefix}_max_delay`]: milliseconds(`${path}/max-delay`),
    [`${prefix}_avg_delay`]: milliseconds(`${path}/avg-delay`),
  };
}

const resultTable = table("probe-test-results", {
  owner: text("owner"),
  test: text("test-name"),
  target: text("target-address"),
  source: text("source-address"),
  probe_type: text("probe-type"),
  probe_count: integer("test-size"),
  rtt: milliseconds("probe-single-results/rtt"),
  round_trip_jitter: milliseconds("probe-single-results/round-trip-jitter"),
  ...delaysOf("probe-test-current-results", "current_test"),
  ...delaysOf("probe-last-test-results", "last_test"),
  loss: decimal("probe-last-test-results/probe-test-generic-results/loss-percentage"),
  ...delaysOf("probe-test-global-results", "global_test"),
});
