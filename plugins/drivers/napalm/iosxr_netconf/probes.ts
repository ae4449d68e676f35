import {
  type ProbeConfigPaths,
  type ProbeKinds,
  type ProbeResultPaths,
  probesConfig,
  probesResults,
} from "../cisco-xr/probes.ts";
import { get, getRunning, type XrNetconfGetter } from "./request.ts";

const CONFIGURED = "Cisco-IOS-XR-man-ipsla-cfg:ipsla/operation/definitions";

export const getProbesConfig: XrNetconfGetter = function* () {
  return probesConfig(yield* getRunning(CONFIGURED), config);
};

export const getProbesResults: XrNetconfGetter = function* () {
  const data = yield* get("Cisco-IOS-XR-man-ipsla-oper:ipsla/operation-data/operations");
  const configured = probesConfig(yield* getRunning(CONFIGURED), config);
  return probesResults(data, configured, results);
};

const kinds: ProbeKinds = {
  "icmp-echo": "icmp-ping",
  "udp-echo": "udp-ping",
  "icmp-jitter": "icmp-ping-timestamp",
  "udp-jitter": "udp-ping-timestamp",
};

const config: ProbeConfigPaths = {
  definitions: ".//ipsla/operation/definitions/definition",
  id: "operation-id",
  type: "operation-type",
  tag: "tag",
  source: "source-address",
  target: "dest-address",
  interval: "frequency",
  buckets: "history/buckets",
  kinds,
};

const results: ProbeResultPaths = {
  operations: ".//ipsla/operation-data/operations/operation",
  id: "operation-id",
  kind: "statistics/latest/target/specific-stats/op-type",
  lives: "history/target/lifes",
  life: "life",
  responseTimes: "buckets/bucket/response-time",
  returnCodes: "buckets/bucket/return-code",
  ok: "ipsla-ret-code-ok",
  latest: "statistics/latest/target/common-stats",
  aggregated:
    "statistics/aggregated/hours/hour/distributed/target/distribution-intervals/distribution-interval/common-stats",
  minimum: "min-response-time",
  maximum: "max-response-time",
  sum: "sum-response-time",
  squares: "sum2-response-time",
  updates: "update-count",
  kinds,
};
