import { callCases } from "./pyeapi/calls.ts";
import { confCases, functionCases, sectionCases } from "./pyeapi/texts.ts";
import type { ConformanceSuite } from "./suite.ts";

/** Recorded answers of pyeapi: API modules, requests, bytes on the wire, sections, ranges and `eapi.conf` files. */
export const suite: ConformanceSuite = {
  name: "pyeapi",
  *cases(folder) {
    yield* callCases(folder);
    yield* sectionCases(folder);
    yield* functionCases(folder);
    yield* confCases(folder);
  },
};
