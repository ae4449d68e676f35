import type { Credential, DriverSession, OperationContext } from "../../plugin/index.ts";
import type { EapiConnection } from "./connection.ts";
import { EapiNode, type Execute, type RunOptions } from "./node.ts";
import type { TransportName } from "./transports.ts";

/** What a driver's arguments say about a session and its requests. */
export interface EapiSettings {
  readonly transport?: TransportName;
  /** Longest wait for a reply to begin, and longest silence within it, in seconds. */
  readonly timeout: number;
  readonly path?: string;
  /** Read configurations anew after a change. */
  readonly autorefresh: boolean;
  /** Read the running configuration with its defaults. */
  readonly config_defaults: boolean;
  readonly autoComplete?: boolean;
  readonly expandAliases?: boolean;
  readonly apiVersion?: number | "latest";
  readonly timestamps?: boolean;
  readonly streaming?: boolean;
  readonly certificate_fingerprints?: readonly string[];
  readonly server_name?: string;
  readonly connections: number;
  /** Longest wait for a connection, in seconds. */
  readonly connect_timeout: number;
  /** Configure in a session that is committed whole or not at all. */
  readonly config_session: boolean;
}

/** The node of a session and what the operation that is running on it allows. */
export class EapiSession<Settings extends EapiSettings = EapiSettings> implements DriverSession {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly args: Settings;
  readonly credential: Credential;
  readonly node: EapiNode;
  readonly #connection: EapiConnection;
  readonly #end: (error: Error | undefined) => void;
  #operation: OperationContext | undefined;
  #timeoutMs: number;
  #onOutput: ((text: string, index: number) => void) | undefined;

  constructor(opened: {
    readonly device: string;
    readonly args: Settings;
    readonly credential: Credential;
    readonly enablepwd: string | undefined;
    readonly connection: EapiConnection;
    readonly sessionName: () => string;
  }) {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#end = resolve;
    this.device = opened.device;
    this.args = opened.args;
    this.credential = opened.credential;
    this.#connection = opened.connection;
    this.#timeoutMs = opened.args.timeout * 1000;
    this.node = new EapiNode(this.#execute, {
      enablepwd: opened.enablepwd,
      autorefresh: opened.args.autorefresh,
      configDefaults: opened.args.config_defaults,
      sessionName: opened.sessionName,
    });
  }

  /** The parameters that the arguments add to every request. */
  get runOptions(): RunOptions {
    const { autoComplete, expandAliases, apiVersion, timestamps, streaming } = this.args;
    return {
      ...(autoComplete !== undefined && { autoComplete }),
      ...(expandAliases !== undefined && { expandAliases }),
      ...(apiVersion !== undefined && { apiVersion }),
      ...(timestamps !== undefined && { timestamps }),
      ...(streaming !== undefined && { streaming }),
    };
  }

  /** Runs an operation: its signal, its permission to write and its time limit hold for every request that it makes. */
  async during<T>(
    operation: OperationContext,
    run: () => Promise<T>,
    limits: {
      readonly timeoutMs?: number | undefined;
      readonly onOutput?: (text: string, index: number) => void;
    } = {},
  ): Promise<T> {
    const before = [this.#operation, this.#timeoutMs, this.#onOutput] as const;
    this.#operation = operation;
    this.#timeoutMs = limits.timeoutMs ?? this.args.timeout * 1000;
    this.#onOutput = limits.onOutput;
    try {
      return await run();
    } finally {
      [this.#operation, this.#timeoutMs, this.#onOutput] = before;
    }
  }

  /** Whether the device answers a harmless command. */
  async isAlive(operation: OperationContext): Promise<boolean> {
    try {
      await this.during(operation, () => this.node.runCommands("show clock", "text"));
      return true;
    } catch {
      return false;
    }
  }

  async close(error?: Error): Promise<void> {
    await this.#connection.close();
    this.#end(error);
  }

  readonly #execute: Execute = (params, streaming) => {
    const operation = this.#operation;
    if (!operation) throw new Error("a request outside of an operation");
    const { signal, beforeWrite } = operation;
    const onOutput = params.format === "text" ? this.#onOutput : undefined;
    return this.#connection.execute(params, streaming, {
      signal,
      beforeWrite,
      timeoutMs: this.#timeoutMs,
      onOutput,
    });
  };
}
