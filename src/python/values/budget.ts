/** What one run may use: `steps` are loop rounds, calls and items; `memory` is characters and list items made. */
export interface BudgetLimits {
  readonly steps: number;
  readonly memory: number;
}

/** A run used more than it may. `resource` says what, `limit` how much was allowed. */
export class BudgetExceeded extends Error {
  readonly resource: string;
  readonly limit: number;

  constructor(resource: string, limit: number) {
    super(`the ${resource} budget of ${limit} is used up`);
    this.name = "BudgetExceeded";
    this.resource = resource;
    this.limit = limit;
  }
}

/** The account of one run. */
export class Budget {
  readonly limits: BudgetLimits;
  #steps = 0;
  #memory = 0;

  constructor(limits: BudgetLimits) {
    this.limits = limits;
  }

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > this.limits.steps) throw new BudgetExceeded("step", this.limits.steps);
  }

  allocate(units: number): void {
    this.#memory += units;
    if (this.#memory > this.limits.memory) throw new BudgetExceeded("memory", this.limits.memory);
  }
}

// Runs are synchronous, so the account of the run that is on can stand here; passing it through every operation on
// values would cost more than the operations.
let current: Budget | undefined;

/** Runs `work` on `budget`; everything that values do inside is charged to it. Synchronous work only. */
export function withBudget<T>(budget: Budget, work: () => T): T {
  const outer = current;
  current = budget;
  try {
    return work();
  } finally {
    current = outer;
  }
}

/** Charges steps to the run that is on, if any. Throws {@link BudgetExceeded}. */
export function spend(steps = 1): void {
  current?.spend(steps);
}

// Without a budget a single text or list still must not exhaust the process: 2^28 characters are 256 to 512 MiB.
const HARD_LIMIT = 2 ** 28;

/** Charges characters or list items, before they are made, to the run that is on. Throws {@link BudgetExceeded}. */
export function allocate(units: number): void {
  if (units > HARD_LIMIT) throw new BudgetExceeded("memory", HARD_LIMIT);
  current?.allocate(units);
}
