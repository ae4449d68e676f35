/** Pods that name this scheduler run as processes of this machine. */
export const LOCAL_SCHEDULER = "netpulse-local";

/** Where manifests/install.yaml puts the operator, and the name of its Deployment. */
export const SYSTEM_NAMESPACE = "netpulse-system";
export const OPERATOR = "netpulse-operator";

/** On the operator's Deployment, when it was the quick start that brought it. */
export const QUICKSTART_MARK = "netpulse.io/quickstart";
