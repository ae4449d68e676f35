import { createHash } from "node:crypto";
import ssh2, { type ParsedKey } from "ssh2";

/** Reading a key with a passphrase takes more than a second of computing; a worker has few of them and many logins. */
const MOST_KEYS = 64;
const read = new Map<string, ParsedKey | Error>();

/** A private key ready for use, or the reason why it cannot be read. The same key is read once per process. */
export function privateKey(text: string, passphrase: string | undefined): ParsedKey | Error {
  const id = createHash("sha256")
    .update(`${passphrase ?? ""}\0${text}`)
    .digest("base64");
  const known = read.get(id);
  if (known) return known;
  const parsed = parse(text, passphrase);
  if (read.size >= MOST_KEYS) read.delete(read.keys().next().value ?? "");
  read.set(id, parsed);
  return parsed;
}

function parse(text: string, passphrase: string | undefined): ParsedKey | Error {
  const parsed: ParsedKey | ParsedKey[] | Error = ssh2.utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined) return new Error("it holds no key");
  if (key instanceof Error || key.isPrivateKey()) return key;
  return new Error("it is a public key");
}
