import { complianceCases } from "./napalm/compliance.ts";
import { getterCases } from "./napalm/getters.ts";
import { valueCases } from "./napalm/values.ts";
import type { ConformanceSuite } from "./suite.ts";

/** Recorded answers of NAPALM: getters, values, compliance. */
export const suite: ConformanceSuite = {
  name: "napalm",
  *cases(folder) {
    yield* getterCases(folder);
    yield* valueCases(folder);
    yield* complianceCases(folder);
  },
};
