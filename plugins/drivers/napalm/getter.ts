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
}

/** The device refused a command; thrown into a getter, which may know better what that means. */
export class CommandRefused extends Error {
  override readonly name = "CommandRefused";
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
