import { InvalidValue } from "../values/invalid-value.ts";
import { withoutSecrets } from "../values/secrets.ts";
import { type Asking, type IosGetter, output } from "./request.ts";

/** Startup and running configuration. */
export const getConfig: IosGetter = function* ({ args: { retrieve = "all", full, sanitized } }) {
  if (!RETRIEVED.includes(String(retrieve)))
    throw new InvalidValue(`a configuration to retrieve (${RETRIEVED.join(", ")})`, String(retrieve));
  const wanted = KINDS.filter((one) => retrieve === "all" || retrieve === one);
  const config = yield* configTexts(wanted, full === true);
  if (!sanitized) return config;
  return {
    ...config,
    startup: withoutSecrets(config.startup, "cisco"),
    running: withoutSecrets(config.running, "cisco"),
  };
};

type Kind = "startup" | "running";
const KINDS: readonly Kind[] = ["startup", "running"];
const RETRIEVED = ["all", ...KINDS, "candidate"];

/** Configurations without the lines that are no part of them: what is returned may be loaded again. */
export function* configTexts(
  kinds: readonly Kind[],
  withDefaults: boolean,
): Asking<{ startup: string; running: string; candidate: string }> {
  const config = { startup: "", running: "", candidate: "" };
  for (const kind of kinds) {
    const text = yield* output(`show ${kind}-config${withDefaults && kind === "running" ? " all" : ""}`);
    config[kind] = text.replace(REMARKS, "").trim();
  }
  return config;
}

const REMARKS =
  /^(?:Building configuration|Current configuration :|! Last configuration change at|! NVRAM config last updated at).*$/gm;
