import type { PluginSectionKeys } from "./plugin-sections.ts";
import type { ConfigKey } from "./reference.ts";

const HEAD = `# Configuration

The operator and the workers read \`config/config.yaml\`, or the file that \`NETPULSE_CONFIG_FILE\` names. In a cluster it
is the key \`config.yaml\` of the ConfigMap \`netpulse-config\`: for the operator the one in its own namespace, for the
workers of a pool the one in the pool's namespace, where there is one. Whatever the file leaves out has its default.
Unknown keys and wrong values end the process at start with exit code 78 and a message that names file, line, key and
remedy. Relative paths are relative to the file's folder. Changes take effect at the next start
(\`kubectl rollout restart deployment/POOL-workers\`).

**Environment variables** override single keys: \`NETPULSE_SECTION__KEY\`, with \`__\` between the parts of the key. Upper
and lower case are the same, and \`_\` inside a name may be left out: \`NETPULSE_WORKER__IDLETIMEOUTSECONDS=300\` and
\`NETPULSE_WORKER__IDLE_TIMEOUT_SECONDS=300\` both set \`worker.idleTimeoutSeconds\`. Values are YAML or JSON:
\`NETPULSE_OPERATOR__NAMESPACES='["lab", "production"]'\`.

This page is generated from the schema by \`scripts/generate-configuration-reference.ts\`.
`;

/** The text of `docs/reference/configuration.md`. */
export function referencePage(keys: readonly ConfigKey[], plugins: readonly PluginSectionKeys[]): string {
  const sections = keys.map(
    (key) => `\n## ${key.path.join(".")}\n\n${key.description}\n\n${table(key.keys)}`,
  );
  const own = plugins.map(({ section, keys: settings }) => `\n### ${section}\n\n${table(settings)}`);
  return `${HEAD}${sections.join("")}${own.join("")}`;
}

function table(keys: readonly ConfigKey[]): string {
  const rows = keys.flatMap(leaves).map((key) => {
    const byDefault = key.default === undefined ? "none" : `\`${JSON.stringify(key.default)}\``;
    return `| \`${key.path.join(".")}\` | ${key.type} | ${byDefault} | ${cell(key.description)} |\n`;
  });
  return `| key | type | default | meaning |\n|---|---|---|---|\n${rows.join("")}`;
}

function leaves(key: ConfigKey): readonly ConfigKey[] {
  return key.keys.length > 0 ? key.keys.flatMap(leaves) : [key];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
