import type { Algorithms } from "ssh2";

/** `modern`: what current OpenSSH offers. `compatible`: also SHA-1 key exchange and RSA/SHA-1 host keys. `legacy`: also CBC, 3DES, group 1 and DSA. */
export type AlgorithmPreset = "modern" | "compatible" | "legacy";

const modern = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
  ],
  serverHostKey: [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
  ],
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
  ],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
} as const;

const compatible = {
  kex: [...modern.kex, "diffie-hellman-group-exchange-sha1", "diffie-hellman-group14-sha1"],
  serverHostKey: [...modern.serverHostKey, "ssh-rsa"],
  cipher: modern.cipher,
  hmac: [...modern.hmac, "hmac-sha1-etm@openssh.com", "hmac-sha1"],
  compress: ["none", "zlib@openssh.com", "zlib"],
} as const;

const legacy = {
  kex: [...compatible.kex, "diffie-hellman-group1-sha1"],
  serverHostKey: [...compatible.serverHostKey, "ssh-dss"],
  cipher: [...compatible.cipher, "aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc"],
  hmac: [...compatible.hmac, "hmac-sha2-256-96", "hmac-sha2-512-96", "hmac-sha1-96", "hmac-md5"],
  compress: compatible.compress,
} as const;

const presets = { modern, compatible, legacy };

/**
 * The algorithms of a preset, without those that are switched off by name (as Netmiko's `disabled_algorithms`:
 * `{ kex: ["diffie-hellman-group14-sha1"], keys: [...], pubkeys: [...] }`).
 */
export function algorithms(
  preset: AlgorithmPreset,
  disabled: Readonly<Record<string, readonly string[]>> = {},
): Algorithms {
  const without = (list: readonly string[], ...keys: string[]) => {
    const off = new Set(keys.flatMap((key) => disabled[key] ?? []));
    return list.filter((name) => !off.has(name));
  };
  const chosen = presets[preset];
  return {
    kex: without(chosen.kex, "kex"),
    serverHostKey: without(chosen.serverHostKey, "keys", "serverHostKey"),
    cipher: without(chosen.cipher, "ciphers", "cipher"),
    hmac: without(chosen.hmac, "macs", "hmac"),
    compress: without(chosen.compress, "compression", "compress"),
  } as Algorithms;
}
