import { delimiter, join } from "node:path";
import { localClusterErrors } from "../errors/local-cluster.ts";
import { isExecutable, onPath } from "./executables.ts";
import { type BuildProgress, buildCommands } from "./go-build.ts";

export type { BuildProgress };

import { ETCD, KUBECTL, KUBERNETES } from "./go-modules.ts";

/** Paths of the programs that make a local cluster. */
export interface ClusterBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  /** Without it there is no garbage collection; see StandInControllers for the rest. */
  readonly kubeControllerManager?: string;
  readonly kubectl?: string;
}

export interface FindOptions {
  /** Where built programs are kept; the project's `.cache` unless told. */
  readonly cache?: string;
  /** Also find kubectl, and build it where it is not on the PATH. */
  readonly kubectl?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: (progress: BuildProgress) => void;
}

const PROJECT = join(import.meta.dirname, "..", "..");

/**
 * The programs of a local cluster: from the folder that `KUBEBUILDER_ASSETS` names, or built once with Go into the cache
 * (about six minutes on two cores, then nothing).
 *
 * @throws AssetsIncomplete, GoMissing, BuildFailed
 * @example
 * const binaries = await findBinaries({ onProgress: (p) => console.log(p.step) });
 */
export async function findBinaries(options: FindOptions = {}): Promise<ClusterBinaries> {
  const env = options.env ?? process.env;
  const assets = env.KUBEBUILDER_ASSETS;
  const controlPlane = assets ? fromAssets(assets) : await build(options, env);
  if (!options.kubectl) return controlPlane;
  const kubectl = onPath("kubectl", assets ? [assets, env.PATH].join(delimiter) : env.PATH);
  return { ...controlPlane, kubectl: kubectl ?? (await buildKubectl(options, env)) };
}

function fromAssets(folder: string): ClusterBinaries {
  const missing = ["etcd", "kube-apiserver"].filter((name) => !isExecutable(join(folder, name)));
  if (missing.length > 0) throw localClusterErrors.AssetsIncomplete({ folder, missing });
  const controllerManager = join(folder, "kube-controller-manager");
  return {
    etcd: join(folder, "etcd"),
    kubeApiserver: join(folder, "kube-apiserver"),
    ...(isExecutable(controllerManager) ? { kubeControllerManager: controllerManager } : {}),
  };
}

async function build(options: FindOptions, env: NodeJS.ProcessEnv): Promise<ClusterBinaries> {
  const context = { cache: options.cache ?? join(PROJECT, ".cache"), env, onProgress: options.onProgress };
  const kubernetes = await buildCommands(KUBERNETES, context);
  const etcd = await buildCommands(ETCD, context);
  return {
    etcd: etcd("etcd"),
    kubeApiserver: kubernetes("kube-apiserver"),
    kubeControllerManager: kubernetes("kube-controller-manager"),
  };
}

async function buildKubectl(options: FindOptions, env: NodeJS.ProcessEnv): Promise<string> {
  const context = { cache: options.cache ?? join(PROJECT, ".cache"), env, onProgress: options.onProgress };
  return (await buildCommands(KUBECTL, context))("kubectl");
}
