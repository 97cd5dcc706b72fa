import { Agent as PlainAgent, request as plainRequest } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import { authorization, type Target, urlOf } from "../targets/target";

export interface Answer {
  readonly status: number;
  readonly location: string;
}

/** A client that keeps its connections, for requests that a program must compute. */
export class Client {
  private readonly agent: PlainAgent;

  constructor(
    private readonly target: Target,
    connections: number,
  ) {
    const settings = { keepAlive: true, maxSockets: connections };
    this.agent = target.tls
      ? new TlsAgent({ ...settings, rejectUnauthorized: false })
      : new PlainAgent(settings);
  }

  ask(method: string, url: string, body?: Buffer, type = "application/octet-stream"): Promise<Answer> {
    const send = this.target.tls ? tlsRequest : plainRequest;
    const content = body ? { "Content-Type": type } : {};
    const accepted = { Accept: "application/vnd.oci.image.manifest.v1+json, */*" };
    const headers = {
      ...authorization(this.target),
      ...accepted,
      ...content,
      "Content-Length": body?.length ?? 0,
    };
    return new Promise((resolve, reject) => {
      const outgoing = send(new URL(url, urlOf(this.target)), { method, headers, agent: this.agent });
      outgoing.on("error", reject);
      outgoing.on("response", (response) => {
        response.resume().on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? "" }),
        );
      });
      outgoing.end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

export function expectStatus(answer: Answer, wanted: number, what: string): Answer {
  if (answer.status !== wanted) throw new Error(`${what}: answered ${answer.status}, not ${wanted}`);
  return answer;
}
