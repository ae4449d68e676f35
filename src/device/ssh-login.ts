import { createHash } from "node:crypto";
import { z } from "zod";
import { NetPulseError } from "../errors/define.ts";
import { loginErrors } from "../errors/login.ts";
import type { Credential, DeviceTarget, DialogueStep, Endpoint, OperationContext } from "../plugin/driver.ts";
import { pattern } from "./argument-table.ts";
import type { LoginManner } from "./login-answers.ts";
import { LoginGate } from "./login-gate.ts";
import { type CodeLedger, type CodeTurn, codeLedger, hasCodes } from "./one-time-password/code-ledger.ts";
import { type Hop, openRoute, type Route } from "./route.ts";
import { connectSsh, type SshConnection, type SshTarget } from "./ssh.ts";
import { isInside } from "./ssh-agent.ts";
import type { AlgorithmPreset } from "./ssh-algorithms.ts";
import { sshConfigFor } from "./ssh-config.ts";
import { PresetMemory } from "./ssh-preset.ts";

/** What all SSH logins of a driver share in a process. */
export interface SshLogins {
  readonly gate: LoginGate;
  readonly presets: PresetMemory;
  /** Folders in which the sockets of SSH agents may lie. */
  readonly agentFolders: readonly string[];
  /** Gives out one-time codes; the process's own unless a test has another time. */
  readonly codes: CodeLedger;
}

export function newSshLogins(
  gate: LoginGate = new LoginGate(),
  agentFolders: readonly string[] = [],
  codes: CodeLedger = codeLedger,
): SshLogins {
  return { gate, presets: new PresetMemory(), agentFolders, codes };
}

const jumpHost = z.strictObject({
  host: z.string().min(1),
  port: z.number().int().min(1).max(65_535).default(22),
  /** Absent: the device's user name. */
  username: z.string().optional(),
  /** Keys of the device's Secret; absent: its `password` and `ssh-privatekey`. */
  passwordKey: z.string().optional(),
  privateKeyKey: z.string().optional(),
  /** `SHA256:…`; without any the jump host is refused unless the pool's policy is Insecure. */
  fingerprints: z.array(z.string()).default([]),
});

const dialogueStep = z
  .strictObject({ expect: pattern, send: z.string().optional(), secretKey: z.string().min(1).optional() })
  .refine(({ send, secretKey }) => (send === undefined) !== (secretKey === undefined), {
    error: "needs either `send` or `secretKey`, and not both",
  });

const passwordTemplate = z
  .string()
  .refine((text) => /\{(?:password|otp)\}/.test(text), { error: "has neither {password} nor {otp} in it" });

/** The types of `arguments.yaml` that the SSH arguments need, beside text, boolean and seconds. */
export const sshArgumentTypes = {
  dialogue: z.array(dialogueStep).max(32),
  password_template: passwordTemplate,
  algorithms: z.record(z.string(), z.array(z.string())),
  algorithms_preset: z.enum(["modern", "compatible", "legacy"]),
  jump_hosts: z.array(jumpHost).max(8),
};

/** Those of a driver's arguments that say how to log in by SSH. Times are in seconds. */
export interface SshArguments {
  readonly conn_timeout: number;
  readonly auth_timeout: number;
  readonly banner_timeout: number;
  readonly use_keys?: boolean;
  readonly allow_agent: boolean;
  readonly disabled_algorithms?: Readonly<Record<string, readonly string[]>>;
  readonly disable_sha2_fix?: boolean;
  readonly ssh_algorithms: AlgorithmPreset;
  readonly jump_hosts?: readonly z.output<typeof jumpHost>[];
  /** Text of an OpenSSH client configuration. */
  readonly ssh_config?: string;
  /** Question pattern -> key of the Secret with the answer. */
  readonly keyboard_answers?: Readonly<Record<string, string>>;
  /** Answers to questions of the login, each given once. */
  readonly login_dialogue?: readonly z.output<typeof dialogueStep>[];
  /** What is sent as password, with `{password}` and `{otp}`. */
  readonly password_template?: string;
  /** How to confirm at a menu of Duo. */
  readonly duo?: string;
  readonly push_timeout?: number;
  /** An SSH agent's socket, in one of the folders that `SshLogins` allows. */
  readonly ssh_agent?: string;
}

/** What a platform needs beyond the arguments. */
export interface SshPeculiarities extends Pick<SshTarget, "auth" | "usernameSuffix" | "keyboardAnswers"> {
  /** The oldest algorithms that are tried; absent: as the arguments say. */
  readonly oldest?: AlgorithmPreset;
}

/**
 * One device's SSH login as every SSH driver does it: where the device really is (OpenSSH client configuration), through which
 * jump hosts, with which keys, within the limits on logins, with the newest algorithms that it has.
 *
 * @example
 * const login = new SshLogin(logins, target, args, context);
 * const connection = await login.connect(login.port(22));
 */
export class SshLogin {
  readonly host: string;
  readonly credential: Credential;
  /** The port that the pool or the client configuration names. */
  readonly configuredPort: number | undefined;
  private readonly logins: SshLogins;
  private readonly target: DeviceTarget;
  private readonly args: SshArguments;
  private readonly context: OperationContext;
  private readonly proxyJump: readonly string[];
  /** Present while `withCodes` runs. */
  private turn: CodeTurn | undefined;

  /** `codes`: those of a longer login that this is a part of. */
  constructor(
    logins: SshLogins,
    target: DeviceTarget,
    args: SshArguments,
    context: OperationContext,
    codes?: CodeTurn,
  ) {
    this.turn = codes;
    this.logins = logins;
    this.target = target;
    this.args = args;
    this.context = context;
    const config = sshConfigFor(args.ssh_config ?? "", target.host);
    this.host = config.hostName ?? target.host;
    this.configuredPort = target.port ?? config.port;
    this.proxyJump = config.proxyJump ?? [];
    const username = target.credential.username ?? config.user;
    this.credential = username === undefined ? target.credential : { ...target.credential, username };
  }

  port(usual: number): number {
    return this.configuredPort ?? usual;
  }

  /** Logs in, within the limits on logins. Throws what `connectSsh` throws, and `LoginPaused`. */
  connect(port: number, peculiarities: SshPeculiarities = {}): Promise<SshConnection> {
    return this.gated(port, () => this.connectNow(port, peculiarities));
  }

  /** How this login answers beyond user name and password. */
  get manner(): LoginManner {
    const {
      login_dialogue: listed = [],
      password_template: template,
      duo,
      keyboard_answers = {},
    } = this.args;
    const dialogue: DialogueStep[] = listed.map(({ expect, send, secretKey }) => ({
      expect,
      ...(send !== undefined && { send }),
      ...(secretKey !== undefined && { secretKey }),
    }));
    for (const [expect, secretKey] of Object.entries(keyboard_answers)) dialogue.push({ expect, secretKey });
    return { dialogue, ...(template !== undefined && { passwordTemplate: template }), ...(duo && { duo }) };
  }

  /** The codes of the login that runs within `withCodes`. */
  get codes(): CodeTurn | undefined {
    return this.turn;
  }

  /**
   * Runs a login that may need one-time codes, on the way or inside the session. It waits beforehand while another login uses the same
   * secret, or until the next code is there; people are told. `also`: credentials of others on the way.
   */
  async withCodes<T>(login: () => Promise<T>, also: readonly Credential[] = []): Promise<T> {
    const credentials = [this.credential, ...this.hops().map((hop) => hop.credential), ...also];
    if (this.turn || !credentials.some(hasCodes)) return login();
    const { name: device } = this.target;
    const { signal } = this.context;
    this.turn = await this.logins.codes.turn({
      device,
      credentials,
      signal,
      waits: (s) => this.waitsForCode(s),
    });
    try {
      return await login();
    } finally {
      this.turn.release();
      this.turn = undefined;
    }
  }

  /** Any login to the device within the limits of the host and the process; a refused credential rests for a while. */
  gated<T>(port: number, login: () => Promise<T>): Promise<T> {
    return this.withCodes(() => this.limited(port, login));
  }

  private limited<T>(port: number, login: () => Promise<T>): Promise<T> {
    const { target, credential } = this;
    const request = {
      device: target.name,
      host: `${this.host}:${port}`,
      username: credential.username ?? "",
      credential: digest(credential),
    };
    const refused = (error: unknown) => error instanceof NetPulseError && REFUSALS.has(error.code);
    return this.logins.gate.run(request, login, refused);
  }

  /** Logs in at once: for callers that are within `gated` already. */
  async connectNow(port: number, peculiarities: SshPeculiarities = {}): Promise<SshConnection> {
    const { oldest = this.args.ssh_algorithms, keyboardAnswers, ...platform } = peculiarities;
    const host = `${this.host}:${port}`;
    return this.logins.presets.connect(
      host,
      oldest,
      async (algorithms) => {
        const route = await this.route(port);
        try {
          return await connectSsh({
            ...this.sshTarget(algorithms),
            ...platform,
            port,
            ...(keyboardAnswers && { keyboardAnswers }),
            manner: this.manner,
            ...(route && { stream: route.stream }),
          });
        } catch (error) {
          route?.close();
          throw error;
        }
      },
      (preset) => this.olderAlgorithms(preset, host),
    );
  }

  /** The way to a port of the device through its jump hosts; undefined: there are none. */
  route(port: number): Promise<Route | undefined> {
    return openRoute(this.hops(), { host: this.host, port });
  }

  /** Compatible algorithms are merely old; legacy ones can be broken by whoever listens, so people are told. */
  private olderAlgorithms(preset: AlgorithmPreset, host: string): void {
    const { target, context } = this;
    context.log.warn({ device: target.name, algorithms: preset }, "the device needs older SSH algorithms");
    if (preset !== "legacy") return;
    context.notify?.(
      "LegacyAlgorithms",
      `${target.name} (${host}) has no SSH algorithm in common with anything newer than the legacy preset, which is weak, ` +
        "and was reached with it because ssh_algorithms allows that. Update the device's software or its SSH settings.",
    );
  }

  /** The pool's jump hosts first, then those of the arguments, then those of the client configuration. */
  private hops(): Hop[] {
    const hops = [
      ...(this.target.jumpHosts ?? []),
      ...this.hopsOfArguments(),
      ...this.proxyJump.map((text) => this.hopOfConfig(text)),
    ];
    return hops.map(({ host, port = 22, credential, hostKeys }) => ({
      ...this.sshTarget(this.args.ssh_algorithms === "legacy" ? "compatible" : this.args.ssh_algorithms),
      device: `${this.target.name} (jump host ${host})`,
      host,
      port,
      credential,
      hostKeys,
      manner: this.hopManner(credential),
    }));
  }

  /** Hosts on the way are logged in to as the device is where that can be: the dialogue is the device's alone. */
  private hopManner(credential: Credential): LoginManner {
    const { password_template: template, duo } = this.args;
    const templated = template !== undefined && hasCodes(credential);
    return { ...(templated && { passwordTemplate: template }), ...(duo !== undefined && { duo }) };
  }

  private hopsOfArguments(): Omit<Endpoint, "name">[] {
    const { data, password, privateKey } = this.credential;
    return (this.args.jump_hosts ?? []).map((hop) => ({
      host: hop.host,
      port: hop.port,
      credential: this.hopCredential(
        hop.username,
        hop.passwordKey === undefined ? password : data[hop.passwordKey],
        hop.privateKeyKey === undefined ? privateKey : data[hop.privateKeyKey],
      ),
      hostKeys:
        this.target.hostKeys.policy === "Insecure" && hop.fingerprints.length === 0
          ? this.target.hostKeys
          : { policy: "Strict", fingerprints: hop.fingerprints },
    }));
  }

  private hopOfConfig(text: string): Omit<Endpoint, "name"> {
    const [, username, host = text, port = "22"] = /^(?:([^@]+)@)?([^:]+)(?::(\d+))?$/.exec(text) ?? [];
    const { password, privateKey } = this.credential;
    const credential = this.hopCredential(username, password, privateKey);
    return { host, port: Number(port), credential, hostKeys: this.target.hostKeys };
  }

  private hopCredential(name: string | undefined, password?: string, privateKey?: string): Credential {
    const username = name ?? this.credential.username;
    const { passphrase } = this.credential;
    const { totp, otp } = this.credential.data;
    const own = password === this.credential.password;
    return {
      data: { ...(own && totp !== undefined && { totp }), ...(own && otp !== undefined && { otp }) },
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(privateKey !== undefined && { privateKey }),
      ...(passphrase !== undefined && { passphrase }),
    };
  }

  private sshTarget(algorithms: AlgorithmPreset): Omit<SshTarget, "port"> {
    const { args, target, context } = this;
    const { privateKey: _, ...withoutKey } = this.credential;
    const sha2 = args.disable_sha2_fix ? { keys: ["rsa-sha2-256", "rsa-sha2-512"] } : {};
    const agent = this.agent();
    return {
      device: target.name,
      host: this.host,
      credential: args.use_keys === false ? withoutKey : this.credential,
      hostKeys: target.hostKeys,
      limits: {
        connectMs: args.conn_timeout * 1000,
        bannerMs: args.banner_timeout * 1000,
        authMs: args.auth_timeout * 1000,
        ...(args.push_timeout !== undefined && { pushMs: args.push_timeout * 1000 }),
      },
      ...(this.turn && { codes: this.turn }),
      algorithms,
      disabledAlgorithms: { ...args.disabled_algorithms, ...sha2 },
      ...(agent !== undefined && { agent }),
      signal: context.signal,
    };
  }

  private agent(): string | undefined {
    const { allow_agent: allowed, ssh_agent: path } = this.args;
    if (path === undefined) return allowed ? process.env.SSH_AUTH_SOCK : undefined;
    if (isInside(path, this.logins.agentFolders)) return path;
    throw loginErrors.AgentNotAllowed({ device: this.target.name, path });
  }

  private waitsForCode(seconds: number): void {
    const { target, context } = this;
    context.log.info({ device: target.name, seconds }, "the login waits for another one-time code");
    context.notify?.(
      "OneTimeCodeAwaited",
      `${target.name} waits about ${seconds} s for another one-time code: another login has used the present one. ` +
        "Devices that share the key totp of a Secret log in one after the other, one in each time step.",
    );
  }
}

/** What the same credential must not be tried again for at once. */
const REFUSALS: ReadonlySet<string> = new Set(["AuthFailed", "PasswordExpired"]);

/** Tells credentials apart without keeping them. */
function digest(credential: Credential): string {
  const { username, password, privateKey, secret, data } = credential;
  const parts = [username, password, privateKey, secret, data.totp, data.otp, data["ssh-certificate"]];
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64");
}
