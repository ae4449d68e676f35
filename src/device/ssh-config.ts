/** What a subset of OpenSSH's client configuration says about one host. */
export interface SshHostConfig {
  readonly hostName?: string;
  readonly port?: number;
  readonly user?: string;
  /** `user@host:port` each, the nearest first. */
  readonly proxyJump?: readonly string[];
}

/**
 * Reads `Host` blocks with HostName, Port, User and ProxyJump; other keywords are skipped (algorithms and host keys are the
 * pool's to allow). As in OpenSSH the first value wins, `*` and `?` are wildcards, `!` excludes.
 */
export function sshConfigFor(text: string, host: string): SshHostConfig {
  const found = new Map<string, string>();
  let applies = true;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    const [, keyword = "", value = ""] = /^([A-Za-z]+)(?:\s*=\s*|\s+)(.*)$/.exec(line) ?? [];
    if (keyword === "" || line.startsWith("#")) continue;
    const key = keyword.toLowerCase();
    if (key === "host") applies = matches(value.split(/\s+/), host);
    else if (key === "match") applies = value.toLowerCase() === "all";
    else if (applies && !found.has(key)) found.set(key, value.replace(/^"(.*)"$/, "$1"));
  }
  const list = (key: string) =>
    found
      .get(key)
      ?.split(",")
      .map((item) => item.trim());
  const hostName = found.get("hostname")?.replaceAll("%h", host);
  const port = Number(found.get("port"));
  const user = found.get("user");
  const jump = found.get("proxyjump") === "none" ? undefined : list("proxyjump");
  return {
    ...(hostName !== undefined && { hostName }),
    ...(Number.isInteger(port) && port > 0 && { port }),
    ...(user !== undefined && { user }),
    ...(jump && { proxyJump: jump }),
  };
}

function matches(patterns: readonly string[], host: string): boolean {
  const hit = (pattern: string) => wildcard(pattern).test(host);
  if (patterns.some((p) => p.startsWith("!") && hit(p.slice(1)))) return false;
  return patterns.some((p) => !p.startsWith("!") && hit(p));
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "i");
}
