import {
  type ProbeConfigPaths,
  type ProbeKinds,
  type ProbeResultPaths,
  probesConfig,
  probesResults,
} from "../cisco-xr/probes.ts";
import { get, type XrGetter } from "./request.ts";

export const getProbesConfig: XrGetter = function* () {
  return probesConfig(yield* get("Configuration/IPSLA"), config);
};

export const getProbesResults: XrGetter = function* () {
  const reply = yield* get("Operational/IPSLA");
  const configured = probesConfig(yield* get("Configuration/IPSLA"), config);
  return probesResults(reply, configured, results);
};

const kinds: ProbeKinds = {
  ICMPEcho: "icmp-ping",
  UDPEcho: "udp-ping",
  ICMPJitter: "icmp-ping-timestamp",
  UDPJitter: "udp-ping-timestamp",
};

const config: ProbeConfigPaths = {
  definitions: ".//Definition",
  id: "Naming/OperationID",
  type: "OperationType",
  tag: "Tag",
  source: "SourceAddress",
  target: "DestAddress",
  interval: "Frequency",
  buckets: "History/Buckets",
  kinds,
};

const results: ProbeResultPaths = {
  operations: ".//Operation",
  id: "Naming/OperationID",
  kind: "Statistics/Latest/Target/SpecificStats/op_type",
  lives: "History/Target/LifeTable",
  life: "Life",
  responseTimes: "BucketTable/Bucket/ResponseTime",
  returnCodes: "BucketTable/Bucket/ReturnCode",
  ok: "ipslaRetCodeOK",
  latest: "Statistics/Latest/Target/CommonStats",
  aggregated:
    "Statistics/Aggregated/HourTable/Hour/Distributed/Target/DistributionIntervalTable/DistributionInterval/CommonStats",
  minimum: "MinResponseTime",
  maximum: "MaxResponseTime",
  sum: "SumResponseTime",
  squares: "Sum2ResponseTime",
  updates: "UpdateCount",
  kinds,
};
