import { describe, expectTypeOf, test } from "vitest";
import type { ZodType } from "zod";
import type {
  BaseDriver,
  BaseScheduler,
  BaseTemplateParser,
  BaseTemplateRenderer,
  BaseWebHookCaller,
  ChangeResult,
  Command,
  CommandResult,
  ConfigChange,
  DetachedProgress,
  DetachedWork,
  DeviceIdentity,
  DeviceTarget,
  DriverSession,
  OperationContext,
  ParseRequest,
  PluginEnvironment,
  RenderRequest,
  Script,
  WebhookDelivery,
  WorkerLoad,
} from "./index.ts";
import type { PluginRegistry } from "./registry.ts";

// These are checked by the type checker; what plugins are written against must not change unnoticed.
describe("the contract of", () => {
  test("a driver", () => {
    type Driver = BaseDriver<DriverSession & { readonly id: number }>;
    type Session = DriverSession & { readonly id: number };
    expectTypeOf<Driver["connect"]>().toEqualTypeOf<
      (target: DeviceTarget, context: OperationContext) => Promise<Session>
    >();
    expectTypeOf<Driver["executeCommand"]>().toEqualTypeOf<
      (session: Session, command: Command, context: OperationContext) => Promise<CommandResult>
    >();
    expectTypeOf<Driver["configure"]>().toEqualTypeOf<
      (session: Session, change: ConfigChange, context: OperationContext) => Promise<ChangeResult>
    >();
    expectTypeOf<Driver["runScript"]>().toEqualTypeOf<
      (session: Session, script: Script, context: OperationContext) => Promise<CommandResult>
    >();
    expectTypeOf<Driver["startDetached"]>().toEqualTypeOf<
      (
        session: Session,
        work: DetachedWork,
        context: OperationContext,
      ) => Promise<{ readonly alreadyThere: boolean }>
    >();
    expectTypeOf<Driver["followDetached"]>().toEqualTypeOf<
      (session: Session, id: string, offset: number, context: OperationContext) => Promise<DetachedProgress>
    >();
    expectTypeOf<Driver["disconnect"]>().toEqualTypeOf<
      (session: Session, context: OperationContext) => Promise<void>
    >();
    expectTypeOf<Driver["argsSchema"]>().toEqualTypeOf<ZodType<Record<string, unknown>>>();
    expectTypeOf<typeof BaseDriver.driverName>().toEqualTypeOf<string>();
  });

  test("templates", () => {
    expectTypeOf<BaseTemplateRenderer["render"]>().toEqualTypeOf<
      (request: RenderRequest) => string | Promise<string>
    >();
    expectTypeOf<BaseTemplateParser["parse"]>().toEqualTypeOf<(request: ParseRequest) => unknown>();
    expectTypeOf<typeof BaseTemplateRenderer.templateName>().toEqualTypeOf<string>();
    expectTypeOf<typeof BaseTemplateParser.templateName>().toEqualTypeOf<string>();
    // A renderer is no parser and the other way round, so neither can be registered as the other.
    expectTypeOf<BaseTemplateRenderer>().not.toExtend<BaseTemplateParser>();
    expectTypeOf<BaseTemplateParser>().not.toExtend<BaseTemplateRenderer>();
  });

  test("a scheduler", () => {
    expectTypeOf<BaseScheduler["selectNode"]>().toEqualTypeOf<
      (workers: readonly WorkerLoad[], device: DeviceIdentity) => WorkerLoad | undefined
    >();
    expectTypeOf<BaseScheduler["selectNodes"]>().toEqualTypeOf<
      (workers: readonly WorkerLoad[], devices: readonly DeviceIdentity[]) => (WorkerLoad | undefined)[]
    >();
    expectTypeOf<typeof BaseScheduler.schedulerName>().toEqualTypeOf<string>();
  });

  test("a webhook", () => {
    expectTypeOf<BaseWebHookCaller["call"]>().toEqualTypeOf<(delivery: WebhookDelivery) => Promise<void>>();
    expectTypeOf<typeof BaseWebHookCaller.webhookName>().toEqualTypeOf<string>();
  });

  test("every plugin: constructed with one environment, whose configuration is unknown until its schema has seen it", () => {
    expectTypeOf<ConstructorParameters<typeof BaseScheduler>>().toEqualTypeOf<[PluginEnvironment]>();
    expectTypeOf<PluginEnvironment["config"]>().toEqualTypeOf<unknown>();
    expectTypeOf<PluginEnvironment["random"]>().toEqualTypeOf<() => number>();
  });

  test("the registry: each kind gives its own base class", () => {
    expectTypeOf<PluginRegistry["driver"]>().toEqualTypeOf<(name: string) => Promise<BaseDriver>>();
    expectTypeOf<PluginRegistry["renderer"]>().toEqualTypeOf<
      (name: string) => Promise<BaseTemplateRenderer>
    >();
    expectTypeOf<PluginRegistry["parser"]>().toEqualTypeOf<(name: string) => Promise<BaseTemplateParser>>();
    expectTypeOf<PluginRegistry["scheduler"]>().toEqualTypeOf<(name: string) => Promise<BaseScheduler>>();
    expectTypeOf<PluginRegistry["webhook"]>().toEqualTypeOf<(name: string) => Promise<BaseWebHookCaller>>();
  });
});
