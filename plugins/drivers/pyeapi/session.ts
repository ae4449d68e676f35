import type { EapiSession } from "../../../src/device/eapi/session.ts";
import type { Args } from "./args.ts";

/** A session whose settings are pyeapi's arguments. */
export type PyeapiSession = EapiSession<Args>;
