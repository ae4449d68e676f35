import { defineErrors } from "./define.ts";

/** Failures of NAPALM's models and compliance reports. */
export const napalmErrors = defineErrors({
  ComplianceRuleInvalid: {
    retry: "never",
    when: "A compliance rule cannot be compared with what a getter returns; nothing was changed.",
    remedy:
      "Correct the rule that the message names; docs/reference/compatibility/napalm.md says what rules may be.",
    message: (e: { why: string }) => `The compliance rules cannot be used: ${e.why}`,
  },
  ModelInvalid: {
    retry: "never",
    when: "The device's answer does not have the fields or values that a getter reads; nothing is guessed.",
    remedy:
      "The message names the getter and the field. Run the command itself to see what this release of the device answers.",
    message: (e: { device: string; getter: string; why: string }) =>
      `${e.getter} cannot be made of what ${e.device} answered: ${e.why}.`,
  },
});
