/** How one fake device behaves; everything absent is off. */
export interface FakeDeviceOptions {
  /** Milliseconds before the answer to a line. */
  readonly latency?: number;
  /** Characters per write, and milliseconds between the writes. */
  readonly chunk?: number;
  readonly chunkdelay?: number;
  /** Milliseconds before each echo. */
  readonly echodelay?: number;
  /** `--More--` every 20 lines until the paging command. */
  readonly pager?: boolean;
  /** The mode after login. */
  readonly user?: "exec" | "enable";
  /** The host name in the prompt instead of `dev1`. */
  readonly host?: string;
  /** Enable asks a password; `any` accepts every one, otherwise it is `secret`. */
  readonly pw?: "secret" | "any";
  /** Clears the screen before the first prompt. */
  readonly noise?: boolean;
  /** Only algorithms from before 2015. */
  readonly legacyAlgorithms?: boolean;
  /** Only keyboard-interactive authentication. */
  readonly keyboardInteractive?: boolean;
  /** Save, write, copy and reload ask a question. */
  readonly confirm?: boolean;
  /** Closes after so many commands. */
  readonly drop?: number;
  /** SSH lets everybody in. */
  readonly noauth?: boolean;
  /** A login dialogue inside the session that begins with this question. */
  readonly inband?: string;
  readonly telnet?: boolean;
  /** More commands that enter configuration mode (`configure private`). */
  readonly configCommands?: readonly string[];
}

/** Reads `latency=300,pw=1` (with or without a leading `@`). */
export function parseOptions(text: string): FakeDeviceOptions {
  const given = new Map(
    text
      .replace(/^@/, "")
      .split(",")
      .filter((part) => part.includes("="))
      .map((part): [string, string] => [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)]),
  );
  const number = (key: string) => (given.has(key) ? { [key]: Number(given.get(key)) } : {});
  const flag = (key: string, name = key) => (given.get(key) === "1" ? { [name]: true } : {});
  return {
    ...number("latency"),
    ...number("chunk"),
    ...number("chunkdelay"),
    ...number("echodelay"),
    ...number("drop"),
    ...flag("pager"),
    ...flag("noise"),
    ...flag("confirm"),
    ...flag("noauth"),
    ...flag("telnet"),
    ...flag("kbd", "keyboardInteractive"),
    ...(given.get("kex") === "legacy" ? { legacyAlgorithms: true } : {}),
    ...(given.get("user") === "enable" ? { user: "enable" as const } : {}),
    ...(given.has("host") ? { host: given.get("host") ?? "" } : {}),
    ...(given.has("inband") ? { inband: given.get("inband") ?? "" } : {}),
    ...(given.has("pw") ? { pw: given.get("pw") === "any" ? ("any" as const) : ("secret" as const) } : {}),
  };
}
