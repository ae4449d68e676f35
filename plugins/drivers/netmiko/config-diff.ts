/** Lines that open a section in configurations which do not show that by indentation. */
const OPENS =
  /^(?:interface|router|vlan|line|vrf|class-map|policy-map|route-map|ip access-list|ipv6 access-list|aaa group|object-group|key chain|crypto|controller|management|template|archive|address-family|class|monitor session)\b/;

/**
 * What a set of configuration lines would change in a running configuration that is printed with indentation: lines that are
 * not there yet as `+`, lines that a `no` would remove as `-`, each under its section.
 *
 * @example
 * missingLines("interface Gi1\n description a\n", ["interface Gi1", "description b"])
 * // "  interface Gi1\n+  description b"
 */
export function missingLines(running: string, lines: readonly string[]): string {
  const present = sections(running);
  const indented = lines.some((line) => /^\s+\S/.test(line));
  const changes: string[] = [];
  let section = "";
  let shown = "";
  for (const raw of lines) {
    const line = raw.trim();
    if (line === "" || line.startsWith("!") || line === "exit" || line === "end") {
      if (line === "exit" || line === "end") section = "";
      continue;
    }
    const opens = OPENS.test(line) && (!/^\s/.test(raw) || section === "");
    // Where sections are shown by indentation, a line without it is global; otherwise only one that is already global is.
    const top = !/^\s/.test(raw) && (indented || present.get("")?.has(line) === true);
    if (opens) {
      section = line;
      if (present.has(line) || present.get("")?.has(line)) continue;
      changes.push(`+ ${line}`);
      shown = line;
      continue;
    }
    if (top) section = "";
    const place = section;
    const change = difference(present.get(place) ?? new Set(), line);
    if (change === undefined) continue;
    if (place !== "" && shown !== place) changes.push(`  ${place}`);
    shown = place;
    changes.push(place === "" ? change : `${change[0]}  ${change.slice(2)}`);
  }
  return changes.join("\n");
}

function difference(present: ReadonlySet<string>, line: string): string | undefined {
  if (present.has(line)) return undefined;
  const removed = /^no (.+)$/.exec(line)?.[1];
  if (removed === undefined) return `+ ${line}`;
  const target = [...present].find((p) => p === removed || p.startsWith(`${removed} `));
  return target === undefined ? undefined : `- ${target}`;
}

/** Section header -> its lines; "" holds the top level. */
function sections(running: string): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>([["", new Set()]]);
  let section = "";
  for (const raw of running.split("\n")) {
    const line = raw.trim();
    if (line === "" || line === "!") continue;
    if (/^\s/.test(raw) && section !== "") {
      const inside = all.get(section) ?? new Set();
      inside.add(line);
      all.set(section, inside);
    } else {
      all.get("")?.add(line);
      section = line;
    }
  }
  return all;
}
