import { randomBytes } from "node:crypto";
import type { ContainerStatus, TerminatedState } from "../../runtime/builtin-resources.ts";
import type { Clock, TimerHandle } from "../../runtime/clock.ts";
import { type Exit, Program } from "../program.ts";
import type { Container, PodSpec } from "./pod.ts";
import { Prober } from "./probe.ts";
import { RestartBackOff } from "./restart-back-off.ts";

/** Everything that is needed to start a container's process once. */
export interface Launch {
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly log: string;
}

export interface ContainerHooks {
  /** Makes the launch anew for every start: Secrets and ports may have changed. Failing, it is asked again later. */
  launch(): Launch;
  portOf(port: string | number): number | undefined;
  /** The state that `status` tells is another one now. */
  changed(): void;
  started(program: Program): void;
  ended(program: Program): void;
}

interface Run {
  readonly program: Program;
  readonly id: string;
  readonly startedAt: number;
  readonly probers: readonly Prober[];
}

/** What an earlier agent told about this container. */
export interface EarlierStatus {
  readonly restartCount: number;
  readonly terminated: TerminatedState;
}

const LAUNCH_RETRY_MS = 1_000;

/** One container of one pod as a process: starts it, probes it, starts it again when it has ended. */
export class ContainerRunner {
  readonly #container: Container;
  readonly #restartPolicy: PodSpec["restartPolicy"];
  readonly #clock: Clock;
  readonly #hooks: ContainerHooks;
  readonly #backOff = new RestartBackOff();
  #run: Run | undefined;
  #timer: TimerHandle | undefined;
  #waiting: { reason: string; message?: string } = { reason: "ContainerCreating" };
  #last: TerminatedState | undefined;
  #restartCount: number;
  #starts = 0;
  #ready = false;
  #stopping = false;
  #finished = false;

  constructor(
    options: {
      container: Container;
      restartPolicy: PodSpec["restartPolicy"];
      clock: Clock;
      earlier?: EarlierStatus | undefined;
    },
    hooks: ContainerHooks,
  ) {
    this.#container = options.container;
    this.#restartPolicy = options.restartPolicy;
    this.#clock = options.clock;
    this.#hooks = hooks;
    this.#last = options.earlier?.terminated;
    this.#restartCount = options.earlier === undefined ? 0 : options.earlier.restartCount + 1;
  }

  get program(): Program | undefined {
    return this.#run?.program;
  }

  /** It has ended and will not be started again. */
  get finished(): boolean {
    return this.#finished;
  }

  get exitCode(): number | undefined {
    return this.#last?.exitCode;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Starts the process, if it does not run and is not to be stopped. */
  start(): void {
    if (this.#stopping || this.#run !== undefined || this.#finished) return;
    this.#clock.clearTimeout(this.#timer);
    try {
      this.#begin(this.#hooks.launch());
    } catch (error) {
      this.wait(error);
      this.#timer = this.#clock.setTimeout(() => this.start(), LAUNCH_RETRY_MS);
    }
    this.#hooks.changed();
  }

  /** Says why the container cannot be started yet. */
  wait(why: unknown): void {
    const { name, message } = why instanceof Error ? why : new Error(String(why));
    this.#waiting = { reason: WAITING_REASONS[name] ?? "CreateContainerError", message };
  }

  /** SIGTERM, SIGKILL after the grace time; resolves when the process has ended. Nothing starts it again. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#clock.clearTimeout(this.#timer);
    await this.#run?.program.stop(graceMs);
  }

  status(): ContainerStatus & Record<string, unknown> {
    const { name, image } = this.#container;
    const run = this.#run;
    return {
      name,
      image,
      imageID: "",
      ready: this.#ready,
      started: run !== undefined,
      restartCount: this.#restartCount,
      ...(run
        ? { containerID: run.id }
        : this.#last?.containerID
          ? { containerID: this.#last.containerID }
          : {}),
      state: this.#state(),
      lastState: this.#last && !this.#atRest ? { terminated: this.#last } : {},
    };
  }

  /** The last end is the container's state, not the state before. */
  get #atRest(): boolean {
    return this.#run === undefined && (this.#finished || this.#stopping);
  }

  #state(): NonNullable<ContainerStatus["state"]> {
    if (this.#run) return { running: { startedAt: timestamp(this.#run.startedAt) } };
    if (this.#last && this.#atRest) return { terminated: this.#last };
    return { waiting: this.#waiting };
  }

  #begin(launch: Launch): void {
    const { name } = this.#container;
    const [path = "", ...args] = launch.command;
    if (this.#starts++ > 0) this.#restartCount++;
    const program = Program.start({ ...launch, name, path, args, dieWithParent: true });
    const run: Run = {
      program,
      id: `local://${randomBytes(16).toString("hex")}`,
      startedAt: this.#clock.now(),
      probers: this.#probers(program),
    };
    this.#run = run;
    this.#ready = this.#container.readinessProbe === undefined;
    this.#hooks.started(program);
    void program.exited.then((exit) => this.#end(run, exit));
  }

  #probers(program: Program): Prober[] {
    const { readinessProbe, livenessProbe } = this.#container;
    const common = { portOf: this.#hooks.portOf, clock: this.#clock };
    const probers: Prober[] = [];
    if (readinessProbe) {
      probers.push(
        new Prober({ probe: readinessProbe, ...common }, (healthy) => {
          if (healthy === this.#ready) return;
          this.#ready = healthy;
          this.#hooks.changed();
        }),
      );
    }
    if (livenessProbe) {
      probers.push(
        new Prober({ probe: livenessProbe, ...common }, (healthy) => {
          if (!healthy) program.signal("SIGKILL");
        }),
      );
    }
    return probers;
  }

  #end(run: Run, exit: Exit): void {
    for (const prober of run.probers) prober.end();
    this.#run = undefined;
    this.#ready = false;
    this.#last = terminatedState(exit, run, this.#clock.now());
    this.#hooks.ended(run.program);
    if (!this.#stopping) this.#again(this.#clock.now() - run.startedAt);
    this.#hooks.changed();
  }

  #again(ranMs: number): void {
    const policy = this.#restartPolicy;
    if (policy === "Never" || (policy === "OnFailure" && this.#last?.exitCode === 0)) {
      this.#finished = true;
      return;
    }
    const wait = this.#backOff.after(ranMs);
    this.#waiting = {
      reason: "CrashLoopBackOff",
      message: `back-off ${wait / 1000}s restarting failed container`,
    };
    this.#timer = this.#clock.setTimeout(() => this.start(), wait);
  }
}

/** What is told for the errors of a launch, in the kubelet's words. */
const WAITING_REASONS: Readonly<Record<string, string>> = {
  ImageNotRunnableError: "ErrImageNeverPull",
  MissingValueError: "CreateContainerConfigError",
};

function terminatedState(exit: Exit, run: Run, now: number): TerminatedState {
  const exitCode = exit.signal === null ? (exit.code ?? 127) : 128 + (SIGNALS[exit.signal] ?? 0);
  return {
    exitCode,
    reason: exitCode === 0 ? "Completed" : "Error",
    startedAt: timestamp(run.startedAt),
    finishedAt: timestamp(now),
    containerID: run.id,
  };
}

const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** Kubernetes times have seconds, no fractions. */
export function timestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
