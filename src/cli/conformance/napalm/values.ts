import { z } from "zod";
import { alternatives } from "../../../../plugins/drivers/napalm/values/alternatives.ts";
import { asNumber } from "../../../../plugins/drivers/napalm/values/as-number.ts";
import {
  abbreviatedInterfaceName,
  canonicalInterfaceName,
  inNaturalOrder,
  splitInterface,
} from "../../../../plugins/drivers/napalm/values/interface-name.ts";
import { ipAddress } from "../../../../plugins/drivers/napalm/values/ip-address.ts";
import { lldpCapabilities } from "../../../../plugins/drivers/napalm/values/lldp-capabilities.ts";
import { macAddress } from "../../../../plugins/drivers/napalm/values/mac-address.ts";
import { withoutSecrets } from "../../../../plugins/drivers/napalm/values/secrets.ts";
import { uptimeSeconds } from "../../../../plugins/drivers/napalm/values/uptime.ts";
import { readJsonLines } from "../records.ts";
import { type ConformanceCase, compare } from "../suite.ts";

const FILE = "helpers.jsonl";

const record = z.looseObject({
  data: z.looseObject({
    cases: z.array(
      z.looseObject({
        fn: z.string(),
        args: z.array(z.unknown()),
        kwargs: z.record(z.string(), z.unknown()),
        expected: z.unknown().optional(),
        expected_error: z.string().optional(),
      }),
    ),
  }),
});

/** Addresses, names of interfaces, uptimes, secrets. */
export function* valueCases(folder: string): Generator<ConformanceCase> {
  for (const { data } of readJsonLines(folder, FILE, record)) {
    for (const [index, one] of data.cases.entries()) {
      yield {
        id: `${one.fn} ${index}`,
        file: FILE,
        run: () => compare(one.expected_error ? "error" : one.expected, outcome(one)),
      };
    }
  }
}

function outcome(one: {
  fn: string;
  args: readonly unknown[];
  kwargs: Readonly<Record<string, unknown>>;
}): unknown {
  const [first] = one.args;
  const run = FUNCTIONS[one.fn];
  if (!run) throw new Error(`No function ${one.fn}`);
  try {
    return run(first, one.kwargs);
  } catch {
    return "error";
  }
}

const FUNCTIONS: Readonly<
  Record<string, (first: unknown, kwargs: Readonly<Record<string, unknown>>) => unknown>
> = {
  mac: (text) => macAddress(String(text)),
  ip: (text, { version }) => ipAddress(String(text), version === 4 || version === 6 ? version : undefined),
  as_number: (value) => asNumber(String(value)),
  split_interface: (name) => splitInterface(String(name)),
  transform_lldp_capab: (text) => lldpCapabilities(String(text)),
  convert_uptime_string_seconds: (text) => uptimeSeconds(String(text)),
  canonical_interface_name: (name) => canonicalInterfaceName(String(name)),
  abbreviated_interface_name: (name) => abbreviatedInterfaceName(String(name)),
  sorted_nicely: (names) => inNaturalOrder(z.array(z.string()).parse(names)),
  generate_regex_or: (patterns) => alternatives(z.array(z.string()).parse(patterns)),
  "sanitize_config[CISCO]": (config) => withoutSecrets(String(config), "cisco"),
  "sanitize_config[EOS]": (config) => withoutSecrets(String(config), "eos"),
};
