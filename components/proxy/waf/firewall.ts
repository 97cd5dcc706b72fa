import { apiAnswer } from "../nginx/apiAnswer";
import { type Entrance, noBody, outsideApiAnswer, refusedAnswer } from "../nginx/entrance";
import { forward, forwardUpload } from "../nginx/forward";
import { loggedIn } from "../nginx/login";
import { inspectedBodyTimeout } from "../nginx/timeouts";
import { wafRoutes, wafTables } from "./wafRouting";

/** Where the web application firewall stands in an nginx.conf. */
export interface WafSettings {
  /** Path of the rules' configuration. */
  readonly rulesPath: string;
  /** Bytes of a request body that is inspected; a longer one is refused. */
  readonly bodyLimit: number;
}

/** Where images have the modules of nginx; `modules` leads there but in OWASP's image. */
export const modulesPath = "/usr/lib/nginx/modules";

/**
 * The firewall before the login. It judges what the API does not know, too.
 *
 * @param login Asks for a login in a location.
 * @param pushes Ends the location of pushed manifests.
 */
export function firewall(settings: WafSettings, login = loggedIn, pushes = forward): Entrance {
  return {
    modules: ["modsecurity"],
    modulesFolder: modulesPath,
    guard: `${inspectedHead}\n${login}`,
    guardFor: (bytes) => `${inspected(bytes)}\n${login}`,
    forbidden: forbiddenAnswer,
    outsideApi: `${inspectedHead}\n      try_files /nothing @unknown;`,
    http: wafTables(settings.rulesPath),
    server: wafRoutes,
    locations: wafLocations(settings, login, pushes),
  };
}

/**
 * In a location: the rules, before anything else. What they find is logged at level info. Nothing may answer
 * earlier than they, as `return` and `error_page` do. Only manifests have a body worth mentioning.
 */
function inspected(bodyLimit: number, buffer: number | string = "128k"): string {
  return `      modsecurity on;
      error_log stderr info;
      client_max_body_size ${bodyLimit};
      client_body_buffer_size ${buffer};
      client_body_timeout ${inspectedBodyTimeout};`;
}

/** The same, where no request of the API has a body. */
const inspectedHead = inspected(noBody);

const forbiddenAnswer = apiAnswer(
  403,
  "DENIED",
  "the firewall refused the request: the log of the proxy names the rule",
);

function wafLocations({ bodyLimit }: WafSettings, login: string, pushes: string): string {
  return `
    location = /_refused {
      internal;
${inspectedHead}
      try_files /nothing @refused;
    }

    location @refused {
      ${refusedAnswer}
    }

    location @unknown {
      ${outsideApiAnswer}
    }

    location = /_upload {
      internal;
      auth_request /_rules;
      try_files /nothing @upload;
    }

    location = /_rules {
      internal;
      proxy_pass http://rules$request_uri;
      proxy_http_version 1.1;
      proxy_method $request_method;
      proxy_pass_request_body off;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header Content-Length 0;
      proxy_set_header Authorization "";
    }

    location @upload {
${login}
${forwardUpload}
    }

    # Who pushes a manifest logs in first: its body may take long to inspect.
    location = /_manifest {
      internal;
${login}
      client_max_body_size ${bodyLimit};
      try_files /nothing @manifest;
    }

    location @manifest {
${pushes === forward ? inspected(bodyLimit) : inspected(bodyLimit, bodyLimit)}
${pushes}
    }

    location @forbidden {
      ${forbiddenAnswer}
    }

    location @too_large {
      ${apiAnswer(413, "SIZE_INVALID", "the body is larger than the firewall inspects")}
    }
`;
}
