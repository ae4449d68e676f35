/** The connections of an `eapi.conf` by name, each with its settings, and which of them carry a tag. */
export interface EapiConf {
  readonly connections: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly tags: ReadonlyMap<string, readonly string[]>;
}

const PREFIX = "connection:";

/**
 * Reads the text of an `eapi.conf`. Settings of `[DEFAULT]` hold for all; a connection without a host has its name as host; there is
 * always one called localhost. What stands before a mistake in the file counts, as for pyeapi.
 *
 * @example
 * parseEapiConf("[connection:leaf1]\nhost: 10.0.0.1\n").connections.get("leaf1") // { host: "10.0.0.1" }
 */
export function parseEapiConf(text: string): EapiConf {
  const sections = readIni(text);
  const defaults = sections.get("DEFAULT") ?? {};
  sections.delete("DEFAULT");
  if (!sections.has(`${PREFIX}localhost`)) sections.set(`${PREFIX}localhost`, { transport: "socket" });

  const connections = new Map<string, Record<string, string>>();
  const tags = new Map<string, string[]>();
  for (const [section, own] of sections) {
    const settings: Record<string, string> = { ...defaults, ...own };
    const name = section.replace(PREFIX, "");
    if (section.startsWith(PREFIX)) settings.host ??= section.split(":")[1] ?? name;
    connections.set(name, settings);
    for (const tag of settings.tags?.split(",") ?? []) {
      tags.set(tag.trim(), [...(tags.get(tag.trim()) ?? []), section.split(":")[1] ?? name]);
    }
  }
  return { connections, tags };
}

type Section = Record<string, string>;

/** Sections and settings as Python's configparser reads them; stops at the first line that it would refuse. */
function readIni(text: string): Map<string, Section> {
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  let key: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const bare = line.trim();
    if (bare === "" || bare.startsWith("#") || bare.startsWith(";")) continue;
    if (/^\s/.test(line) && section && key !== undefined) {
      section[key] = `${section[key]}\n${bare}`;
      continue;
    }
    const header = /^\[([^\]]+)\]/.exec(bare)?.[1];
    const setting = /^(.*?)\s*[=:]\s*(.*)$/.exec(bare);
    if (header !== undefined) {
      section = sections.get(header) ?? {};
      sections.set(header, section);
      key = undefined;
    } else if (section && setting?.[1]) {
      key = setting[1].toLowerCase();
      section[key] = setting[2] ?? "";
    } else break;
  }
  return sections;
}
