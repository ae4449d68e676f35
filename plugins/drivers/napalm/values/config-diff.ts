interface Entry {
  /** The line as it is written, with its indentation; several lines for a banner. */
  readonly text: string;
  /** The lines of the sections around it, outermost first. */
  readonly parents: readonly Entry[];
  /** What makes it the same line wherever it stands: how it is indented does not count. */
  readonly key: string;
}

/**
 * The lines of `wanted` that `present` does not have, each below the lines of its sections: what a merge would add. Both are
 * configurations that show their sections by indentation. Comments and `exit` count for nothing. Nothing is known of lines that replace
 * others or that are defaults, so the result is an estimate: a line of it may already be in force under another spelling.
 *
 * @example
 * missingConfig("interface loopback0\n  ip address 10.1.4.5/32\n  no shutdown\n", "interface loopback0\n  no shutdown\n");
 * // "interface loopback0\n  ip address 10.1.4.5/32"
 */
export function missingConfig(wanted: string, present: string): string {
  const known = new Set(entriesOf(present).map(({ key }) => key));
  const shown = new Set<Entry>();
  return entriesOf(wanted)
    .filter(({ key }) => !known.has(key))
    .flatMap((entry) => [...entry.parents, entry])
    .filter((entry) => !shown.has(entry) && shown.add(entry))
    .map(({ text }) => text)
    .join("\n");
}

/** Whether a line begins a text of several lines, such as a banner: what ends it, if that does not stand in the line itself. */
export function textBegunBy(line: string): string | undefined {
  const [, delimiter, rest = ""] = BANNER.exec(line) ?? [];
  return delimiter === undefined || rest.includes(delimiter) ? undefined : delimiter;
}

/** `banner motd #`; `^C` is one character that is written as two. */
const BANNER = /^\s*banner\s+\S+\s+(\^C|\S)(.*)$/;

function entriesOf(config: string): Entry[] {
  const entries: Entry[] = [];
  const sections: { readonly indent: number; readonly entry: Entry }[] = [];
  const lines = config.split("\n").map((line) => line.trimEnd());
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (IGNORED.test(line)) continue;
    const delimiter = textBegunBy(line);
    const end =
      delimiter === undefined ? at : lines.findIndex((one, index) => index > at && one.includes(delimiter));
    const last = end < 0 ? lines.length - 1 : end;
    const indent = line.length - line.trimStart().length;
    while (sections.length > 0 && (sections.at(-1)?.indent ?? 0) >= indent) sections.pop();
    const parents = sections.map(({ entry }) => entry);
    const own = lines.slice(at, last + 1).join("\n");
    // Devices print a banner between delimiters of their own choice.
    const name = delimiter === undefined ? own.trim() : own.trim().replaceAll(delimiter, "\0");
    const entry = { text: own, parents, key: `${parents.at(-1)?.key ?? ""}\n${name}` };
    entries.push(entry);
    sections.push({ indent, entry });
    at = last;
  }
  return entries;
}

const IGNORED = /^\s*(?:!.*|exit|end)?$/;
