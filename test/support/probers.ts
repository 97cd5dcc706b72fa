import { Agent, request } from "node:https";
import type { Skopeo } from "./skopeo";

/** What went on while something else happened. */
export interface Count {
  readonly requests: number;
  /** One line for each failure. */
  readonly failures: readonly string[];
}

export interface Prober {
  /** Requests made until now. */
  made(): number;
  /** Ends the loop after the request under way. */
  stop(): Promise<Count>;
}

export interface Target {
  readonly host: string;
  /** The name in the certificate, where the host is an address that the certificate does not cover. */
  readonly name?: string;
  readonly port: number;
  readonly ca: string;
  /** `name:password` */
  readonly user: string;
}

/** Pulls an image again and again with a real client. */
export function pullLoop(client: Pick<Skopeo, "pull">, repository: string): Prober {
  return loop(async () => {
    const { status, stderr } = await client.pull(repository);
    return status === 0 ? undefined : stderr.trim();
  });
}

/** What a client says while the container of the proxy is replaced. */
export const nobodyListens = /connection refused|connection reset by peer|EOF$|EOF"$/;

/** Asks `GET /v2/` with a new connection each time. */
export function connectionProber(target: Target): Prober {
  return loop(async () => failureOf(await ask(target, undefined)));
}

/**
 * The same of a client that knows several addresses, and asks the next one after a failure or `patience` ms without an
 * answer. A failure is a request that none of them answered.
 */
export function spreadProber(targets: readonly Target[], patience = 2000): Prober {
  let next = 0;
  return loop(async () => {
    const failures: string[] = [];
    next++;
    for (let tried = 0; tried < targets.length; tried++) {
      const target = targets[(next + tried) % targets.length];
      const failure = target && failureOf(await ask(target, undefined, patience));
      if (failure === undefined) return undefined;
      failures.push(`${target?.host}: ${failure}`);
    }
    return failures.join(", ");
  });
}

/**
 * Asks `GET /v2/` on a kept connection. A server may close an idle one at any time: a request whose reused
 * connection ends without a byte of answer is sent once more, as clients do (RFC 9112, 9.3.1).
 */
export function keepAliveProber(target: Target): Prober {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return loop(async () => {
    const first = await ask(target, agent);
    return failureOf(first.reused && first.error !== undefined ? await ask(target, agent) : first);
  });
}

interface Reply {
  readonly status?: number;
  readonly error?: string;
  readonly reused: boolean;
}

function failureOf({ status, error }: Reply): string | undefined {
  return status === 200 ? undefined : (error ?? `status ${status}`);
}

function ask(
  { host, name, port, ca, user }: Target,
  agent: Agent | undefined,
  timeout?: number,
): Promise<Reply> {
  return new Promise((resolve) => {
    const outgoing = request({
      ...{ host, port, ca, auth: user, path: "/v2/", agent: agent ?? false },
      ...(name !== undefined && { servername: name }),
    });
    if (timeout !== undefined)
      outgoing.setTimeout(timeout, () => outgoing.destroy(new Error(`no answer for ${timeout} ms`)));
    outgoing.on("error", (error) => resolve({ error: error.message, reused: outgoing.reusedSocket }));
    outgoing.on("response", (response) => {
      response.resume();
      response.on("error", (error) => resolve({ error: `in the answer: ${error.message}`, reused: false }));
      response.on("end", () => resolve({ status: response.statusCode, reused: outgoing.reusedSocket }));
    });
    outgoing.end();
  });
}

function loop(once: () => Promise<string | undefined>): Prober {
  let stopped = false;
  let requests = 0;
  const failures: string[] = [];
  const done = (async () => {
    while (!stopped) {
      requests++;
      const failure = await once();
      if (failure !== undefined) failures.push(failure);
    }
  })();
  return {
    made: () => requests,
    async stop() {
      stopped = true;
      await done;
      return { requests, failures };
    },
  };
}
