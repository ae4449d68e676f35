import {
  type ChangeResult,
  type Command,
  type CommandResult,
  type ConfigChange,
  type DeviceTarget,
  type DriverSession,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import { changeByVerbs } from "./change.ts";
import type { CommitOptions, ConfigVerbs } from "./config-verbs.ts";
import { runGetter } from "./getter.ts";
import { meaningOf } from "./meaning.ts";
import { modelOf } from "./models.ts";
import { type Plan, runPlan, stepsOf } from "./plan.ts";
import type { DeviceLink, PlatformDefinition, Services } from "./platform.ts";

/** A session with a device of some platform, whatever the platform asks in. */
export interface PlatformSession extends DriverSession {
  readonly device: string;
  readonly platform: string;
  /** Under which name template libraries know the platform. */
  readonly templates: string;
  /** A getter's model. Throws `CommandRejected` for the device's refusal and `ModelInvalid` for an answer of another shape. */
  get(getter: string, args: Readonly<Record<string, unknown>>, context: OperationContext): Promise<unknown>;
  execute(command: Command, context: OperationContext): Promise<CommandResult>;
  /** What commands print, by command. */
  cli(
    commands: readonly string[],
    encoding: "text" | "json",
    context: OperationContext,
  ): Promise<Record<string, unknown>>;
  configure(change: ConfigChange, context: OperationContext): Promise<ChangeResult>;
  /** A configuration verb; what was loaded stays loaded until the session ends. */
  verb(verb: VerbCall, context: OperationContext): Promise<unknown>;
  /** What a change would do, a line for each step, without touching the device. */
  plan(change: PlannedChange): string[];
  isAlive(context: OperationContext): Promise<boolean>;
  resynchronise(context: OperationContext): Promise<boolean>;
  close(context: OperationContext): Promise<void>;
}

export interface PlannedChange {
  readonly config: string;
  readonly mode: "Merge" | "Replace";
  readonly commit?: CommitOptions;
}

/** A verb under NAPALM's name with its arguments. */
export type VerbCall =
  | { readonly verb: "load_merge_candidate" | "load_replace_candidate"; readonly config: string }
  | { readonly verb: "commit_config"; readonly options: CommitOptions }
  | {
      readonly verb:
        | "compare_config"
        | "confirm_commit"
        | "has_pending_commit"
        | "discard_config"
        | "rollback";
    };

/** A session over a link. */
export class OpenSession<GetterRequest, GetterReply, VerbRequest, VerbReply> implements PlatformSession {
  readonly closed: Promise<Error | undefined>;
  readonly device: string;
  readonly platform: string;
  readonly templates: string;
  readonly link: DeviceLink<GetterRequest, GetterReply, VerbRequest, VerbReply>;
  readonly #definition: PlatformDefinition<GetterRequest, GetterReply, VerbRequest, VerbReply>;
  readonly #services: Services;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #newVerbs: () => ConfigVerbs<VerbRequest, VerbReply>;
  readonly #verbs: ConfigVerbs<VerbRequest, VerbReply>;
  /** A change is under way: after a failure nobody knows what the device has of it. */
  #changing = false;

  constructor(
    definition: PlatformDefinition<GetterRequest, GetterReply, VerbRequest, VerbReply>,
    link: DeviceLink<GetterRequest, GetterReply, VerbRequest, VerbReply>,
    { args, credential }: Pick<DeviceTarget, "args" | "credential">,
    services: Services,
  ) {
    const { random, now } = services;
    const { username } = credential;
    this.closed = link.closed;
    this.device = link.device;
    this.platform = definition.name;
    this.templates = definition.templates;
    this.link = link;
    this.#definition = definition;
    this.#services = services;
    this.#settings = args;
    this.#newVerbs = () => definition.verbs({ device: link.device, username, args, random, now });
    this.#verbs = this.#newVerbs();
  }

  async get(
    name: string,
    args: Readonly<Record<string, unknown>>,
    context: OperationContext,
  ): Promise<unknown> {
    const getter = this.#definition.getters[name];
    if (!getter) throw notImplemented(name, this.platform);
    try {
      const now = this.#services.now() / 1000;
      const { candidate } = this.#verbs;
      const known = { args, now, settings: this.#settings, ...(candidate !== undefined && { candidate }) };
      const model = await runGetter(getter, known, (request) => this.link.ask(request, context));
      return modelOf(name)?.parse(model) ?? model;
    } catch (error) {
      throw meaningOf(error, this.device, name);
    }
  }

  async execute(command: Command, context: OperationContext): Promise<CommandResult> {
    if (!this.link.run) throw withoutCommands(this.platform);
    try {
      const output = await this.link.run(command, context);
      return { command: command.command, output, platform: this.templates };
    } catch (error) {
      throw meaningOf(error, this.device, command.command);
    }
  }

  async cli(commands: readonly string[], encoding: "text" | "json", context: OperationContext) {
    const { link } = this;
    const results: [string, unknown][] = [];
    for (const command of commands) {
      if (encoding === "text") results.push([command, (await this.execute({ command }, context)).output]);
      else if (link.runJson) {
        const data = await link.runJson(command, context).catch((error: unknown) => {
          throw meaningOf(error, this.device, command);
        });
        results.push([command, data]);
      } else throw notImplemented("cli with encoding json", this.platform);
    }
    return Object.fromEntries(results);
  }

  configure(change: ConfigChange, context: OperationContext): Promise<ChangeResult> {
    if (this.link.configure) return this.link.configure(change, context);
    // Found out after the commit it would be too late.
    if (change.verify.length > 0 && !this.link.run) return Promise.reject(withoutCommands(this.platform));
    return this.#asChange(() =>
      changeByVerbs(
        {
          device: this.device,
          platform: this.platform,
          verbs: this.#newVerbs(),
          run: (plan, on) => this.#run(plan, on, change.readTimeoutMs),
          showCommit: ({ mode, config, options }) => {
            const verbs = this.#newVerbs();
            this.#show(loadPlan(verbs, mode, config));
            return this.#show(verbs.commit_config(options));
          },
          output: async (command, on) => (await this.execute({ command }, on)).output,
        },
        change,
        context,
      ),
    );
  }

  async verb(call: VerbCall, context: OperationContext): Promise<unknown> {
    const plan = planOf(this.#verbs, call);
    try {
      const result = await this.#asChange<unknown>(() => this.#run<unknown>(plan, context));
      return result ?? null;
    } catch (error) {
      throw meaningOf(error, this.device, call.verb);
    }
  }

  plan({ config, mode, commit = {} }: PlannedChange): string[] {
    const verbs = this.#newVerbs();
    return [
      ...this.#show(loadPlan(verbs, mode, config)),
      ...this.#show(verbs.compare_config()),
      ...this.#show(verbs.commit_config(commit)),
      ...this.#show(verbs.close()),
    ];
  }

  isAlive(context: OperationContext): Promise<boolean> {
    return this.link.isAlive(context);
  }

  resynchronise(context: OperationContext): Promise<boolean> {
    return this.#changing ? Promise.resolve(false) : this.link.resynchronise(context);
  }

  async close(context: OperationContext): Promise<void> {
    try {
      if (!this.#changing) await this.#run(this.#verbs.close(), context);
    } catch (error) {
      this.#services.log.debug(
        { device: this.device, error: String(error) },
        "the session was not left clean",
      );
    } finally {
      await this.link.close(context);
    }
  }

  #run<Result>(
    plan: Plan<VerbRequest, VerbReply, Result>,
    context: OperationContext,
    timeoutMs?: number,
  ): Promise<Result> {
    return runPlan(plan, (request) => this.link.send(request, context, timeoutMs));
  }

  #show(plan: Plan<VerbRequest, VerbReply, unknown>): string[] {
    return [...stepsOf(plan)].map(({ does, send }) => `${does}: ${this.#definition.showStep(send)}`);
  }

  async #asChange<T>(run: () => Promise<T>): Promise<T> {
    this.#changing = true;
    const result = await run();
    this.#changing = false;
    return result;
  }
}

function loadPlan<Request, Reply>(
  verbs: ConfigVerbs<Request, Reply>,
  mode: "Merge" | "Replace",
  config: string,
): Plan<Request, Reply, void> {
  return mode === "Replace" ? verbs.load_replace_candidate(config) : verbs.load_merge_candidate(config);
}

function planOf<Request, Reply>(
  verbs: ConfigVerbs<Request, Reply>,
  call: VerbCall,
): Plan<Request, Reply, unknown> {
  switch (call.verb) {
    case "load_merge_candidate":
    case "load_replace_candidate":
      return verbs[call.verb](call.config);
    case "commit_config":
      return verbs.commit_config(call.options);
    default:
      return verbs[call.verb]();
  }
}

function withoutCommands(platform: string): Error {
  const what = `a command on platform ${platform}, which has no command line,`;
  return pluginErrors.NotImplemented({ what, driver: "napalm" });
}

export function notImplemented(method: string, platform: string): Error {
  return pluginErrors.NotImplemented({ what: `method ${method} on platform ${platform}`, driver: "napalm" });
}
