import { type NxosGetter, text } from "./request.ts";

export const getUsers: NxosGetter = function* () {
  const users: Record<string, { password: string; level: number; sshkeys: string[] }> = {};
  for (const line of (yield* text("show running-config")).split("\n")) {
    const found = PATTERNS.map((pattern) => pattern.exec(line)?.groups).find(
      (groups) => groups !== undefined,
    );
    if (!found?.name) continue;
    const user = users[found.name] ?? { password: "", level: 0, sshkeys: [] };
    users[found.name] = user;
    if (found.password) user.password = found.password.trim();
    // A user with several roles has the highest level of them.
    user.level = Math.max(user.level, levelOf(found.role?.trim() ?? ""));
    if (found.key) user.sshkeys.push(found.key);
  }
  return users;
};

const PATTERNS = [
  /^username\s+(?<name>\S+)\s+password\s+\d+\s+(?<password>.*)\s+role\s+(?<role>\S+)/,
  /^username\s+(?<name>\S+)\s+role\s+(?<role>\S+)/,
  /^username\s+(?<name>\S+)\s+sshkey\s+ssh-(?:rsa|dsa)\s+(?<key>\w.*)/,
];

/** The level of a role, as IOS counts it: `priv-7` is 7. */
function levelOf(role: string): number {
  return Number(/^priv-(\d+)$/.exec(role)?.[1] ?? LEVELS[role] ?? 0);
}

const LEVELS: Readonly<Record<string, number>> = { "network-admin": 15, "network-operator": 5 };
