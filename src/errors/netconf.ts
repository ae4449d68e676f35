import { defineErrors, quote } from "./define.ts";

/** Failures of NETCONF beside those of any device. */
export const netconfErrors = defineErrors({
  NetconfUnavailable: {
    retry: "never",
    when: "The device let the user in by SSH but did not start NETCONF for it.",
    remedy:
      "Enable NETCONF over SSH on the device (Junos: `set system services netconf ssh`; IOS-XR: `netconf-yang agent ssh` and `ssh server netconf`), let the user use it, and check the port: 830 unless the device says otherwise.",
    message: (e: { device: string; why: string }) => `${e.device} did not start NETCONF: ${e.why}.`,
  },
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
