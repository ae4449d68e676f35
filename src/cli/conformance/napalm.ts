import { complianceCases } from "./napalm/compliance.ts";
import { getterCases } from "./napalm/getters.ts";
import { nxapiCases } from "./napalm/nxapi.ts";
import { valueCases } from "./napalm/values.ts";
import { verbCases } from "./napalm/verbs.ts";
import type { ConformanceSuite } from "./suite.ts";

/** Recorded answers of NAPALM: getters, configuration dialogues, values, compliance. */
export const suite: ConformanceSuite = {
  name: "napalm",
  *cases(folder) {
    yield* getterCases(folder);
    yield* verbCases(folder);
    yield* nxapiCases(folder);
    yield* valueCases(folder);
    yield* complianceCases(folder);
  },
};
