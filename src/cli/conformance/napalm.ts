import { complianceCases } from "./napalm/compliance.ts";
import { valueCases } from "./napalm/values.ts";
import type { ConformanceSuite } from "./suite.ts";

/** Recorded answers of NAPALM: values, compliance. */
export const suite: ConformanceSuite = {
  name: "napalm",
  *cases(folder) {
    yield* valueCases(folder);
    yield* complianceCases(folder);
  },
};
