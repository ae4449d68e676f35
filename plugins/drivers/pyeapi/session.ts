import type { Credential, DriverSession, OperationContext } from "../../../src/plugin/index.ts";
import type { Args } from "./args.ts";
import type { EapiConnection } from "./connection.ts";
import { EapiNode, type Execute, type RunOptions } from "./node.ts";

/** The node of a session and what the operation that is running on it allows. */
export class PyeapiSession implements DriverSession {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly args: Args;
  readonly credential: Credential;
  readonly node: EapiNode;
  readonly #connection: EapiConnection;
  readonly #end: (error: Error | undefined) => void;
  #operation: OperationContext | undefined;
  #timeoutMs: number;
  #onOutput: ((text: string, index: number) => void) | undefined;

  constructor(opened: {
    readonly device: string;
    readonly args: Args;
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
