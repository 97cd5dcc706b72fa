import { presented } from "./certificates";
import { type ClientBundle, type ClientSettings, registryFileName } from "./client";
import { dockerConfigJson } from "./clientFiles";

/**
 * Kubernetes: a pull secret, and what makes the pods of a service account use it. That the nodes trust the
 * registry is a matter of their container runtime.
 */
export function kubernetes(settings: ClientSettings): ClientBundle {
  const { addresses, username, password } = settings;
  const name = pullSecretName(settings);
  const manifest = `${name}-secret.yaml`;
  const patch = `${name}-patch.yaml`;
  return {
    files: {
      [manifest]: pullSecretManifest(name, dockerConfigJson(addresses, username, password)),
      [patch]: pullSecretPatch(name),
    },
    fragments: {},
    commands: [
      `kubectl apply -f ${manifest}`,
      // Not the patch: it would replace the pull secrets that the account has.
      `kubectl get serviceaccount default -o json | jq '.imagePullSecrets |= ((. // []) + [{name: "${name}"}] | unique)' | kubectl replace -f -`,
    ],
    tested: false,
    ...(presented(settings) && {
      notes: [
        "A pull secret cannot hold the client certificate: every node presents its own, as k3s, rke2, containerd1 or containerd2 set it up.",
      ],
    }),
  };
}

/** A name that Kubernetes takes: lower-case letters, digits, `-` and `.`, at most 253, none but a letter or digit at an end. */
export function pullSecretName(settings: Pick<ClientSettings, "addresses">): string {
  const name = registryFileName(settings)
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-")
    .slice(0, 230);
  return `private-registry-${name.replace(/^[-.]+|[-.]+$/g, "")}`;
}

/**
 * The manifest of a `kubernetes.io/dockerconfigjson` secret. It holds the password.
 *
 * @param name - name of the secret
 * @param configJson - as `dockerConfigJson` gives it
 */
export function pullSecretManifest(name: string, configJson: string): string {
  const data = Buffer.from(configJson, "utf8").toString("base64");
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: ${data}
`;
}

/**
 * What goes into a pod's `spec`, which merges it by name with other pull secrets, or into a service account, which has
 * these alone afterwards (its list is atomic).
 */
function pullSecretPatch(name: string): string {
  return `imagePullSecrets:\n  - name: ${name}\n`;
}
