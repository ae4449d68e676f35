import { ArgumentError } from "../../../../src/device/eapi/argument-error.ts";
import { build, CHOICE, cli, found } from "./command.ts";
import { type ApiModule, changes, reads } from "./method.ts";

/** Host name, IP routing and banners. */
export const system: ApiModule = {
  get: reads([], {}, async (node) => {
    const config = await node.runningConfig();
    const banners = { banner_motd: null, banner_login: null, ...bannersOf(config) };
    return {
      hostname: found(/^hostname (\S+)$/m, config) ?? "localhost",
      iprouting: !config.includes("no ip routing"),
      ...banners,
    };
  }),
  set_hostname: changes([], CHOICE, (node, args) => node.configure([build("hostname", args)])),
  set_iprouting: changes([], CHOICE, (node, args) =>
    node.configure([build("ip routing", { ...args, disable: args.disable || args.value === false })]),
  ),
  set_banner: changes(["banner_type"], CHOICE, (node, args) => {
    const command = cli`banner ${args.banner_type}`;
    if (args.default === true || args.disable === true)
      return node.configure([build(command, { ...args, value: null })]);
    if (typeof args.value !== "string") throw new ArgumentError("value must be the text of the banner");
    return node.configure([
      { cmd: command, input: args.value.endsWith("\n") ? args.value : `${args.value}\n` },
    ]);
  }),
};

function bannersOf(config: string): Record<string, string> {
  const matches = config.matchAll(/^banner\s+(login|motd)\s?$\n([\s\S]*?)$\nEOF$\n/gm);
  return Object.fromEntries([...matches].map(([, kind, text]) => [`banner_${kind}`, text ?? ""]));
}
