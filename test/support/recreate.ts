import { request } from "node:http";

/** Makes a container anew with the same name, labels, mounts and networks, as Watchtower does for a new image. */
export async function recreate(name: string, dockerHost = "unix:///var/run/docker.sock"): Promise<void> {
  const ask = (method: string, path: string, body?: object) => askDocker(dockerHost, method, path, body);
  const found: {
    Config: object;
    HostConfig: object;
    NetworkSettings: { Networks: { [name: string]: object } };
  } = JSON.parse(await ask("GET", `/containers/${name}/json`));
  await ask("POST", `/containers/${name}/stop?t=5`);
  await ask("DELETE", `/containers/${name}?force=true`);
  const networks = Object.keys(found.NetworkSettings.Networks).map((network) => [network, {}]);
  await ask("POST", `/containers/create?name=${name}`, {
    ...found.Config,
    HostConfig: found.HostConfig,
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(networks) },
  });
  await ask("POST", `/containers/${name}/start`);
}

function askDocker(dockerHost: string, method: string, path: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      text === undefined
        ? {}
        : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) };
    const socketPath = dockerHost.replace("unix://", "");
    const outgoing = request({ socketPath, method, path, headers }, (response) => {
      let answer = "";
      response.on("data", (chunk) => {
        answer += chunk;
      });
      response.on("end", () => {
        if ((response.statusCode ?? 500) < 400) resolve(answer);
        else reject(new Error(`Docker, ${method} ${path}: ${answer}`));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}
