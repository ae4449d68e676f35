/**
 * What a configuration verb will do, step by step: it yields each step, is resumed with the device's reply and returns its result. It
 * does nothing by itself, so the same plan runs on a device, is compared with recorded dialogues, or is only shown. A device's refusal
 * is thrown into it at the `yield` as CommandRefused.
 *
 * @example
 * function* discard(): Plan<Cli, string, void> {
 *   yield { does: "empties the candidate", send: { command: "copy null: flash:merge_config.txt" }, assume: "" };
 * }
 */
export type Plan<Request, Reply, Result> = Generator<Step<Request, Reply>, Result, Reply>;

/** One exchange of a plan. */
export interface Step<Request, Reply> {
  /** What it is for, for people: "keeps the running configuration as flash:rollback-0". */
  readonly does: string;
  readonly send: Request;
  /** The reply of a device on which all goes well: a plan that is only shown goes on with it. */
  readonly assume: Reply;
}

/** Runs a plan over something that answers. What `send` throws is thrown into the plan first. */
export async function runPlan<Request, Reply, Result>(
  plan: Plan<Request, Reply, Result>,
  send: (request: Request) => Promise<Reply>,
): Promise<Result> {
  let step = plan.next();
  while (!step.done) {
    step = await send(step.value.send).then(
      (reply) => plan.next(reply),
      (error: unknown) => plan.throw(error),
    );
  }
  return step.value;
}

/** The steps of a plan on a device on which all goes well, without touching one. Throws where the plan itself refuses. */
export function* stepsOf<Request, Reply>(
  plan: Plan<Request, Reply, unknown>,
): Generator<Step<Request, Reply>> {
  for (let step = plan.next(); !step.done; step = plan.next(step.value.assume)) yield step.value;
}
