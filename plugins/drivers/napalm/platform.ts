import type { z } from "zod";
import type { ArgumentTable } from "../../../src/device/argument-table.ts";
import type { LoginGate, SshLogins } from "../../../src/device/index.ts";
import {
  type ChangeResult,
  type Command,
  type ConfigChange,
  type DeviceTarget,
  type DriverSession,
  type Logger,
  type OperationContext,
  pluginErrors,
} from "../../../src/plugin/index.ts";
import type { ConfigVerbs } from "./config-verbs.ts";
import type { Getter } from "./getter.ts";
import { OpenSession, type PlatformSession } from "./session.ts";
import { usualSignature } from "./signatures.ts";

/** What all sessions of a worker share. */
export interface Services {
  readonly gate: LoginGate;
  /** The same gate with what SSH logins remember. */
  readonly ssh: SshLogins;
  readonly log: Logger;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** An open way to a device. What `ask` and `send` throw for the device's own refusal is CommandRefused. */
export interface DeviceLink<GetterRequest, GetterReply, VerbRequest, VerbReply> extends DriverSession {
  /** The device's name, for messages. */
  readonly device: string;
  /** Answers a getter's request. */
  ask(request: GetterRequest, context: OperationContext): Promise<GetterReply>;
  /** Carries out one step of a configuration verb. `timeoutMs`: longest silence, absent: the link's own. */
  send(request: VerbRequest, context: OperationContext, timeoutMs?: number): Promise<VerbReply>;
  /** What a command of the command line prints; absent where the platform has none. */
  run?(command: Command, context: OperationContext): Promise<string>;
  /** The same as data, where the platform has it (`cli` with encoding json). */
  runJson?(command: string, context: OperationContext): Promise<unknown>;
  /** Configures in the platform's own way; absent: by the verbs. */
  configure?(change: ConfigChange, context: OperationContext): Promise<ChangeResult>;
  isAlive(context: OperationContext): Promise<boolean>;
  /** After a timeout or a cancel: whether the link is proved to be in step again. */
  resynchronise(context: OperationContext): Promise<boolean>;
  close(context: OperationContext): Promise<void>;
}

/** What a platform's verbs are made for. */
export interface VerbsTarget {
  /** The device's name, for messages. */
  readonly device: string;
  /** Who is logged in: some platforms tell whose commit it is that waits. */
  readonly username: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
  readonly random: () => number;
  readonly now: () => number;
}

/** A platform as its folder defines it. */
export interface PlatformDefinition<GetterRequest, GetterReply, VerbRequest, VerbReply> {
  /** NAPALM's name. */
  readonly name: string;
  /** Under which name template libraries know it: `cisco_ios`. */
  readonly templates: string;
  readonly arguments: ArgumentTable;
  readonly getters: Readonly<Record<string, Getter<GetterRequest, GetterReply, unknown>>>;
  /** Parameters of getters that differ from the usual ones. */
  readonly signatures?: Readonly<Record<string, z.ZodObject>>;
  /** Whether sessions with these arguments may go over a line of a console server; absent: none may. */
  reachesConsoles?(args: Readonly<Record<string, unknown>>): boolean;
  /** Whether a command of the command line certainly only reads. */
  onlyReads(command: string): boolean;
  /** One step of a plan as text, for people. A secret within a configuration is not hidden: it is the user's own text. */
  showStep(request: VerbRequest): string;
  verbs(target: VerbsTarget): ConfigVerbs<VerbRequest, VerbReply>;
  connect(
    target: DeviceTarget,
    context: OperationContext,
    services: Services,
  ): Promise<DeviceLink<GetterRequest, GetterReply, VerbRequest, VerbReply>>;
}

/** A platform as the driver uses it, whatever it asks in. */
export interface NapalmPlatform {
  readonly name: string;
  readonly arguments: ArgumentTable;
  readonly getters: readonly string[];
  /** The parameters of a getter, in NAPALM's order. */
  signatureOf(getter: string): z.ZodObject;
  onlyReads(command: string): boolean;
  connect(target: DeviceTarget, context: OperationContext, services: Services): Promise<PlatformSession>;
}

/**
 * Makes a platform of its definition.
 *
 * @example
 * export const ios = definePlatform({ name: "ios", templates: "cisco_ios", arguments: iosArguments, getters: iosGetters, … });
 */
export function definePlatform<GetterRequest, GetterReply, VerbRequest, VerbReply>(
  definition: PlatformDefinition<GetterRequest, GetterReply, VerbRequest, VerbReply>,
): NapalmPlatform {
  const { name, getters, signatures = {}, arguments: table } = definition;
  return {
    name,
    arguments: table,
    getters: Object.keys(getters),
    signatureOf: (getter) => signatures[getter] ?? usualSignature(getter),
    onlyReads: definition.onlyReads,
    connect: async (target, context, services) => {
      if (target.consoleServer && !definition.reachesConsoles?.(target.args))
        throw pluginErrors.NotImplemented({
          what: `way through a console server on platform ${name}`,
          driver: "napalm",
        });
      const link = await definition.connect(target, context, services);
      for (const note of table.ignored(target.args)) services.log.debug({ device: target.name }, note);
      return new OpenSession(definition, link, target, services);
    },
  };
}
