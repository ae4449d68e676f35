/**
 * A getter, without any input or output of its own: it yields what to ask the device, is resumed with the replies, and returns
 * its model. It is a pure function of arguments, replies and the time, so that recorded replies test it. A device's refusal is
 * thrown into it at the `yield` as CommandRefused.
 *
 * @example
 * const getVlans: Getter<EapiRequest, readonly unknown[], Vlans> = function* () {
 *   const [reply] = yield { commands: ["show vlan"], encoding: "json" };
 *   return vlansOf(reply);
 * };
 */
export type Getter<Request, Reply, Model> = (context: GetterContext) => Generator<Request, Model, Reply>;

/** What a getter knows besides replies. */
export interface GetterContext {
  /** The call's arguments under NAPALM's names. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly now: number;
  /** The session's `driver.args`, for getters that NAPALM's `optional_args` change; absent: none. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Under which name the device has what this session has loaded and not committed; absent: nothing, or it has no name. */
  readonly candidate?: string;
}

/** The device refused a command; thrown into a getter, which may know better what that means. */
export class CommandRefused extends Error {
  override readonly name = "CommandRefused";
  /** The command that was refused, where a request holds several. */
  readonly command: string | undefined;
  /** Its place among them, from 0. */
  readonly index: number | undefined;

  constructor(
    answer: string,
    options: ErrorOptions & {
      readonly command?: string | undefined;
      readonly index?: number | undefined;
    } = {},
  ) {
    super(answer, options);
    this.command = options.command;
    this.index = options.index;
  }
}

/** The device refused one line of a configuration. */
export class LineRefused extends CommandRefused {
  /** The line as it stands in the configuration, and its number, from 1. */
  readonly line: string;
  readonly number: number;
  /** Lines before it were in force already, and the device went back. */
  readonly takenBack: boolean;

  constructor(
    answer: string,
    place: { readonly line: string; readonly number: number },
    options: ErrorOptions & { readonly takenBack?: boolean } = {},
  ) {
    super(answer, options);
    this.line = place.line;
    this.number = place.number;
    this.takenBack = options.takenBack ?? false;
  }
}

/** Runs a getter over something that answers. What `ask` throws is thrown into the getter first. */
export async function runGetter<Request, Reply, Model>(
  getter: Getter<Request, Reply, Model>,
  context: GetterContext,
  ask: (request: Request) => Promise<Reply>,
): Promise<Model> {
  const run = getter(context);
  let step = run.next();
  while (!step.done) {
    step = await ask(step.value).then(
      (reply) => run.next(reply),
      (error: unknown) => run.throw(error),
    );
  }
  return step.value;
}
