import { createHash, timingSafeEqual } from "node:crypto";

/** The fingerprint of a raw SSH host key as `ssh-keygen -l` prints it: `SHA256:` and base64 without padding. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** Whether a fingerprint is in the list; padding and the prefix may be missing there. */
export function isKnown(found: string, known: readonly string[]): boolean {
  return known.some((candidate) => same(found, normal(candidate)));
}

function normal(text: string): string {
  const bare = text
    .trim()
    .replace(/^SHA256:/i, "")
    .replace(/=+$/, "");
  return `SHA256:${bare}`;
}

function same(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
