import { defineErrors, quote } from "./define.ts";

/** Failures of the local cluster that tests and the quick start use. */
export const localClusterErrors = defineErrors({
  GoMissing: {
    retry: "never",
    when: "etcd and the Kubernetes control plane have to be built, and Go is not installed.",
    remedy: "Install Go, or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver.",
    message: (e: { programs: readonly string[] }) =>
      `${e.programs.join(", ")} must be built once, and there is no "go" on the PATH. Install Go 1.26 or later ` +
      `(https://go.dev/dl, or your distribution's golang package; 1.21 or later fetches the version it needs), or set ` +
      `KUBEBUILDER_ASSETS to a folder that holds etcd, kube-apiserver and kube-controller-manager.`,
  },
  AssetsIncomplete: {
    retry: "never",
    when: "KUBEBUILDER_ASSETS names a folder in which etcd or kube-apiserver is missing.",
    remedy: "Correct the variable, or unset it: the programs are then built with Go.",
    message: (e: { folder: string; missing: readonly string[] }) =>
      `KUBEBUILDER_ASSETS is ${quote(e.folder)}, and ${e.missing.join(" and ")} cannot be run from there. ` +
      `Correct the variable, or unset it to have them built with Go.`,
  },
  BuildFailed: {
    retry: "never",
    when: "The Go toolchain could not build a program of the local cluster.",
    remedy: "Read the end of Go's output in the message; the build log has all of it.",
    message: (e: { what: string; log: string; tail: string }) =>
      `Building ${e.what} failed. All of Go's output is in ${e.log}; it ends with:\n${e.tail}`,
  },
  FolderInUse: {
    retry: "never",
    when: "A local cluster is started in a folder in which another process runs one.",
    remedy: "Use the running one, or end the process that the message names first.",
    message: (e: { folder: string; pid: number }) =>
      `Process ${e.pid} runs a local cluster in ${e.folder} already. Use that one, or end the process first.`,
  },
  ProgramExited: {
    retry: "never",
    when: "A program of the local cluster ended on its own.",
    remedy: "Read its log, which the message names.",
    message: (e: { program: string; how: string; log: string; tail: string }) =>
      `${e.program} ended on its own (${e.how}). Its log is ${e.log} and ends with:\n${e.tail}`,
  },
  PodsNotReady: {
    retry: "never",
    when: "The quick start's operator or workers did not become ready.",
    remedy: "Read the ends of their logs in the message; the machine may also be very busy.",
    message: (e: { namespace: string; seconds: number; troubles: string; logs: string }) =>
      `The pods in namespace ${e.namespace} were not ready within ${e.seconds} s. ${e.troubles}\n${e.logs}`,
  },
  NotReadyInTime: {
    retry: "never",
    when: "A part of the local cluster was started and did not become ready.",
    remedy: "Read its log, which the message names; the machine may be very busy.",
    message: (e: { what: string; seconds: number; last: string; log: string }) =>
      `${e.what} was not ready within ${e.seconds} s; the last answer was ${quote(e.last)}. Its log is ${e.log}.`,
  },
});
