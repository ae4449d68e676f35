import { defineErrors, quote } from "./define.ts";

/** Failures of NETCONF beside those of any device. */
export const netconfErrors = defineErrors({
  RpcRefused: {
    retry: "never",
    when: "The device answered a NETCONF request with an error.",
    remedy:
      "The message has the device's own words, and where it names one the place in the request or the configuration.",
    message: (e: { device: string; operation: string; why: string }) =>
      `${e.device} refused ${e.operation}: ${e.why}.`,
  },
  CapabilityMissing: {
    retry: "never",
    when: "A NETCONF operation needs a capability that the device does not announce; nothing was sent.",
    remedy: "Enable it on the device (such as a candidate configuration), or do without.",
    message: (e: { device: string; operation: string; capability: string }) =>
      `${e.device} cannot do ${e.operation}: it does not announce the capability ${quote(e.capability)}.`,
  },
});
