import { createSecretKey } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Client, ClientChannel, SFTPWrapper } from "ssh2";

/*
 * What ssh2 keeps to itself and a login needs. Everything here looks into its private fields, and does nothing where they have moved; the
 * tests against OpenSSH say so.
 */

interface Packets {
  /** Where the payload begins in a packet. */
  readonly allocStart: number;
  alloc(payloadLength: number): Buffer;
  finalize(packet: Buffer): Buffer;
}

interface Protocol {
  readonly _handlers: Record<string, (protocol: unknown, ...rest: never[]) => void>;
  readonly _packetRW: { readonly write: Packets };
  signal(channel: number, name: string): void;
  readonly _cipher?: { _encKey?: unknown };
  readonly _decipher?: { _decipherKey?: unknown };
  authPK(username: string, key: unknown, algorithm?: string, sign?: unknown): void;
}

interface Inside {
  readonly _protocol?: Protocol;
  readonly _remoteVer?: string;
  readonly _sock?: Duplex;
}

function inside(client: Client): Inside {
  return client as unknown as Inside;
}

/** The server's software as it names itself; detection needs it. */
export function serverVersion(client: Client): string {
  return String(inside(client)._remoteVer ?? "");
}

/** Sends a signal to the program of a channel. ssh2's own `signal` does nothing once the program's stdin has ended. */
export function sendSignal(client: Client, channel: ClientChannel, name: string): void {
  const { outgoing } = channel as unknown as {
    readonly outgoing?: { readonly id: number; readonly state: string };
  };
  if (outgoing?.state === "open" || outgoing?.state === "eof")
    inside(client)._protocol?.signal(outgoing.id, name);
}

/**
 * Tells what the server answers to each attempt to log in: the methods that may go on, and whether the attempt was one of several that are
 * needed. ssh2 does not pass this on for the keys of an agent. Call it after `connect`.
 */
export function onAuthFailure(
  client: Client,
  told: (left: readonly string[], partial: boolean) => void,
): void {
  const handlers = inside(client)._protocol?._handlers;
  const original = handlers?.USERAUTH_FAILURE;
  if (!handlers || !original) return;
  handlers.USERAUTH_FAILURE = (protocol: unknown, left: never, partial: never) => {
    told(left, partial);
    original(protocol, left, partial);
  };
}

/**
 * Tells of rounds of keyboard-interactive that have no question, which ssh2 answers by itself: the server has something to say, or waits
 * for something else than an answer. Call it after `connect`.
 */
export function onEmptyRound(client: Client, told: (text: string) => void): void {
  const handlers = inside(client)._protocol?._handlers;
  const original = handlers?.USERAUTH_INFO_REQUEST;
  if (!handlers || !original) return;
  handlers.USERAUTH_INFO_REQUEST = (protocol: unknown, name: never, instructions: never, prompts: never) => {
    if ((prompts as readonly unknown[]).length === 0) told(`${String(name)}\n${String(instructions)}`);
    original(protocol, name, instructions, prompts);
  };
}

/**
 * Lets signatures bear another name than the algorithm that they are asked under, as those of a certificate do. ssh2 writes one name
 * for both. `nameOf` gives the signature's own name for a key, or undefined where ssh2 is right. Call it after `connect`.
 */
export function onSignature(client: Client, nameOf: (key: unknown) => string | undefined): void {
  const protocol = inside(client)._protocol;
  if (!protocol) return;
  const original = protocol.authPK.bind(protocol);
  protocol.authPK = (username, key, algorithm, sign) => {
    const name = nameOf(key);
    const signs = typeof algorithm === "function" || typeof sign === "function";
    if (name === undefined || !signs) return original(username, key, algorithm, sign);
    const { write } = protocol._packetRW;
    const { finalize } = write;
    write.finalize = (packet: Buffer) => {
      write.finalize = finalize;
      return finalize.call(write, renamed(write, packet, name));
    };
    try {
      original(username, key, algorithm, sign);
    } finally {
      write.finalize = finalize;
    }
  };
}

/** RFC 4252, section 7: type, user name, service, method, flag, algorithm, key; then the signature, whose first string is its name. */
function renamed(write: Packets, packet: Buffer, name: string): Buffer {
  let at = write.allocStart + 1;
  const skip = () => {
    at += 4 + packet.readUInt32BE(at);
  };
  for (let field = 0; field < 3; field++) skip();
  at += 1;
  for (let field = 0; field < 2; field++) skip();
  const head = packet.subarray(write.allocStart, at);
  at += 4;
  skip();
  const length = packet.readUInt32BE(at);
  const signature = lengthAnd(packet.subarray(at + 4, at + 4 + length));
  const blob = lengthAnd(Buffer.concat([lengthAnd(Buffer.from(name)), signature]));
  const made = write.alloc(head.length + blob.length);
  head.copy(made, write.allocStart);
  blob.copy(made, write.allocStart + head.length);
  return made;
}

/** A string as SSH writes it. */
export function lengthAnd(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** What an SFTP server said of itself, as far as ssh2 tells: names of its extensions, and the most bytes of one request. */
export function sftpAbilities(sftp: SFTPWrapper): {
  readonly extensions: ReadonlySet<string>;
  readonly readBytes: number;
  readonly writeBytes: number;
} {
  const { _extensions, _maxReadLen, _maxWriteLen } = sftp as SFTPWrapper & {
    readonly _extensions?: Readonly<Record<string, string>>;
    readonly _maxReadLen?: number;
    readonly _maxWriteLen?: number;
  };
  return {
    extensions: new Set(Object.keys(_extensions ?? {})),
    readBytes: _maxReadLen ?? EVERY_SERVERS_PACKET,
    writeBytes: _maxWriteLen ?? EVERY_SERVERS_PACKET,
  };
}

/** Data of one packet that every SFTP server takes. */
const EVERY_SERVERS_PACKET = 32 * 1024;

/**
 * Makes ssh2 quick at moving much over the connection of a channel. Node prepares a key anew for each packet unless it is a key object; and
 * ssh2 hands each packet to the socket in several pieces, which are gathered until the function that this returns is called, so that they
 * are not a system call and a TCP segment each.
 */
export function hasten(channel: object): () => void {
  const { _client: client } = channel as { readonly _client?: Client };
  const { _sock: socket, _protocol: protocol } = client ? inside(client) : {};
  const { _cipher: cipher, _decipher: decipher } = protocol ?? {};
  // ssh2's native helper, where there is one, keeps the keys to itself.
  if (cipher && Buffer.isBuffer(cipher._encKey)) cipher._encKey = createSecretKey(cipher._encKey);
  if (decipher && Buffer.isBuffer(decipher._decipherKey))
    decipher._decipherKey = createSecretKey(decipher._decipherKey);
  return socket ? gatherWrites(socket) : () => {};
}

function gatherWrites(socket: Duplex): () => void {
  const write = socket.write as (...piece: unknown[]) => boolean;
  let gathering = false;
  const gathered = (...piece: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      socket.cork();
      process.nextTick(() => {
        gathering = false;
        socket.uncork();
      });
    }
    return write.apply(socket, piece);
  };
  Object.defineProperty(socket, "write", { value: gathered, configurable: true, writable: true });
  return () => Object.defineProperty(socket, "write", { value: write, configurable: true, writable: true });
}
