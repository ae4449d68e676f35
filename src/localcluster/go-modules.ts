/** A Go module and the commands to build from it. */
export interface GoModule {
  /** Name of the folder in the cache. */
  readonly name: string;
  readonly path: string;
  readonly version: string;
  /**
   * The module's own go.mod replaces some requirements by folders inside it, which only hold for a main module: those
   * names are published under this version.
   */
  readonly stagingVersion?: string;
  /** Program name to package. */
  readonly commands: Readonly<Record<string, string>>;
  readonly ldflags: string;
  /** About how long a build from nothing takes on two cores. */
  readonly aboutMinutes: number;
}

const KUBERNETES_VERSION = "v1.36.3";
const [major = "", minor = ""] = KUBERNETES_VERSION.slice(1).split(".");
// Without these a client reads version 0.0.0, and some refuse to work with that.
const versionFlags = Object.entries({ gitVersion: KUBERNETES_VERSION, gitMajor: major, gitMinor: minor })
  .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
  .join(" ");

const kubernetes = {
  path: "k8s.io/kubernetes",
  version: KUBERNETES_VERSION,
  stagingVersion: KUBERNETES_VERSION.replace("v1.", "v0."),
  ldflags: `-s -w ${versionFlags}`,
};

export const KUBERNETES: GoModule = {
  ...kubernetes,
  name: "kubernetes",
  commands: {
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
  },
  aboutMinutes: 5,
};

export const KUBECTL: GoModule = {
  ...kubernetes,
  name: "kubectl",
  commands: { kubectl: "k8s.io/kubernetes/cmd/kubectl" },
  aboutMinutes: 1,
};

export const ETCD: GoModule = {
  name: "etcd",
  path: "go.etcd.io/etcd/server/v3",
  version: "v3.6.16",
  commands: { etcd: "go.etcd.io/etcd/server/v3" },
  ldflags: "-s -w",
  aboutMinutes: 1,
};
