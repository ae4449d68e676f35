import { callCases } from "./pyeapi/calls.ts";
import { requestCases } from "./pyeapi/requests.ts";
import { confCases, functionCases, sectionCases } from "./pyeapi/texts.ts";
import { wireCases } from "./pyeapi/wire.ts";
import type { ConformanceSuite } from "./suite.ts";

/** Recorded answers of pyeapi: API modules, requests, bytes on the wire, sections, ranges and `eapi.conf` files. */
export const suite: ConformanceSuite = {
  name: "pyeapi",
  *cases(folder) {
    yield* callCases(folder);
    yield* requestCases(folder);
    yield* wireCases(folder);
    yield* sectionCases(folder);
    yield* functionCases(folder);
    yield* confCases(folder);
  },
};
