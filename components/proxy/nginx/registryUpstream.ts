import { apiAnswer } from "./apiAnswer";
import type { Feature } from "./feature";
import { streaming } from "./forward";
import { internalSocket } from "./internalServer";

/** Name of the script among the files of the proxy. */
export const waitScriptFile = "wait.js";

const notThere = apiAnswer(503, "UNAVAILABLE", "the registry is starting, try again", 2);

/**
 * The registry, and what clients hear while it does not answer. nginx must not leave out for ten seconds one that was away
 * for a moment. Of several one always answers: nginx asks the next if it reaches none. One alone is replaced now and then,
 * and then what it cannot be reached for waits.
 */
export function registryUpstream(sockets: readonly string[]): Feature {
  const [only = "", ...others] = sockets;
  const isAlone = others.length === 0;
  const registries = sockets.map((socket) => `    server unix:${socket} max_fails=0;\n`).join("");
  const waiting = isAlone ? `    server ${internalSocket("waiting")} backup;\n` : "";
  return {
    modules: isAlone ? ["js"] : [],
    http: `
  upstream registry {
${registries}${waiting}    keepalive 64;
  }
${isAlone ? waitingServer(only) : ""}`,
    locations: `
    location @unavailable {
      ${notThere}
    }
`,
  };
}

/** The upstream for a question that does not wait: is the registry there. */
export const askedAtOnce = (sockets: readonly string[]) => (sockets.length === 1 ? "listening" : "registry");

/**
 * It gets what was not answered for want of a listener, and passes it on once there is one, as it came. What has a body does
 * not wait, as all of the body would have to be kept meanwhile. After one that waited in vain this server ends the connection
 * without a word: for ten seconds nginx then asks it no more, and clients are told at once.
 */
function waitingServer(socket: string): string {
  return `
  map "$http_content_length$http_transfer_encoding" $has_body {
    default 1;
    "" 0;
    0 0;
  }

  upstream listening {
    server unix:${socket};
    keepalive 16;
  }

  server {
    listen ${internalSocket("waiting")};
    access_log off;
    # That nobody listens is what it is there for.
    error_log stderr emerg;
    client_max_body_size 0;

    location / {
      if ($has_body) {
        ${notThere}
      }
      js_import wait from ${waitScriptFile};
      js_content wait.forRegistry;
    }

    location @there {
      error_page 502 504 = @gone;
      proxy_pass http://listening$request_uri;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
${streaming.map((directive) => `      ${directive}`).join("\n")}
    }

    location = /_listening {
      internal;
      proxy_pass http://listening/;
      proxy_method GET;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_pass_request_headers off;
    }

    location @gone {
      return 444;
    }
  }
`;
}
