import { iosGetters } from "../../../../plugins/drivers/napalm/ios/getters.ts";
import type { CliRequest } from "../../../../plugins/drivers/napalm/ios/request.ts";
import type { GetterAdapter } from "./adapters.ts";

/** IOS was recorded by command; blanks around a command do not change it. */
export const ios: GetterAdapter = {
  getters: iosGetters,
  matches: (request, { command }) =>
    typeof command === "string" && command.trim() === (request as CliRequest).command.trim(),
  reply: ({ response }) => response,
};
