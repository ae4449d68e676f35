import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { TestProject } from "vitest/node";
import { findBinaries } from "../../src/localcluster/binaries.ts";
import { ControlPlane, type User } from "../../src/localcluster/control-plane.ts";
import { applyManifests, readManifests } from "../../src/localcluster/manifests.ts";
import { pidExists } from "../../src/localcluster/process-record.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Path of the socket on which the keeper of the shared cluster listens. */
    readonly clusterKeeper: string;
  }
}

const PROJECT = join(import.meta.dirname, "..", "..");
const FOLDERS = join(PROJECT, ".cache", "test-clusters");

/**
 * Vitest's global set-up of the system tests. Test files run in processes of their own, so the one cluster that they
 * share is kept here. Its programs are built, if they have to be, before the first test; it is started when the first
 * file asks for it, and ended, with all of its data, after the last file, whatever became of the tests.
 */
export default async function keepCluster(project: TestProject): Promise<() => Promise<void>> {
  const keeper = new ClusterKeeper();
  const socket = join(tmpdir(), `netpulse-${process.pid}.sock`); // a short path: sockets allow about 100 bytes
  const server = createServer((request, response) => void keeper.answer(request, response));
  rmSync(socket, { force: true });
  await new Promise<void>((listening) => server.listen(socket, listening));
  project.provide("clusterKeeper", socket);
  // The first time this takes minutes, longer than any test may. What cannot be built is told to the tests that ask.
  await findBinaries({ onProgress: lines() }).catch((error: Error) => console.error(error.message));
  return async () => {
    server.closeAllConnections();
    server.close();
    await keeper.end();
  };
}

class ClusterKeeper {
  #cluster: Promise<ControlPlane> | undefined;

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body: unknown = JSON.parse(await text(request));
      const result = await this.#do(request.url?.slice(1) ?? "", body);
      response.end(JSON.stringify(result ?? null));
    } catch (error) {
      response.statusCode = 500;
      response.end(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  async end(): Promise<void> {
    const cluster = await this.#cluster?.catch(() => undefined);
    await cluster?.stop();
    cluster?.removeFolder();
  }

  async #do(action: string, body: unknown): Promise<unknown> {
    this.#cluster ??= startCluster();
    const cluster = await this.#cluster;
    switch (action) {
      case "start":
        return { kubeconfigPath: cluster.kubeconfigPath, address: cluster.address };
      case "kubeconfig":
        return cluster.kubeconfigFor(body as User);
      case "stopApiServer":
      case "startApiServer":
      case "pauseApiServer":
      case "resumeApiServer":
        return cluster[action]();
      default:
        throw new Error(`The keeper of the test cluster knows no action ${JSON.stringify(action)}.`);
    }
  }
}

async function startCluster(): Promise<ControlPlane> {
  removeAbandoned();
  const cluster = await ControlPlane.start({
    binaries: await findBinaries({ onProgress: lines() }),
    folder: join(FOLDERS, String(process.pid)),
    onFailure: (error) => console.error(error.message),
  });
  try {
    await applyManifests(cluster.client, readManifests(join(PROJECT, "crds")), { fieldManager: "test" });
    return cluster;
  } catch (error) {
    await cluster.stop();
    cluster.removeFolder();
    throw error;
  }
}

/** Folders of runs that were killed; their programs died with them. */
function removeAbandoned(): void {
  mkdirSync(FOLDERS, { recursive: true });
  for (const pid of readdirSync(FOLDERS)) {
    if (!pidExists(Number(pid))) rmSync(join(FOLDERS, pid), { recursive: true, force: true });
  }
}

/** A build takes minutes: says every ten seconds how far it is. */
function lines() {
  let last = Number.NEGATIVE_INFINITY;
  return (progress: { step: string; done?: number; total?: number; elapsedMs: number }) => {
    if (performance.now() - last < 10_000) return;
    last = performance.now();
    const counts = progress.total === undefined ? "" : ` (${progress.done} of ${progress.total} packages)`;
    console.error(`local cluster: ${progress.step}${counts}, ${Math.round(progress.elapsedMs / 1000)} s`);
  };
}
