import { apiHeaders } from "./apiAnswer";
import type { Entrance } from "./entrance";
import type { Feature } from "./feature";
import { forward, forwardUpload } from "./forward";
import { clientBodyTimeout, transferTimeout } from "./timeouts";

/**
 * What holds for every request of a client, and where its errors are answered. An image layer may be of any size;
 * neither direction touches the disk of the proxy. While the registry hashes what it has, the body's buffer takes in
 * what comes next: each upload under way holds that much, and with nginx's own 8k a push costs twice as much.
 */
export const clientRequests: Feature = {
  server: `

    client_max_body_size 0;
    client_body_buffer_size 1m;
    client_body_timeout ${clientBodyTimeout};
    send_timeout ${transferTimeout};
    keepalive_requests 10000;
    sendfile on;
    tcp_nopush on;
    output_buffers 1 64k;

    absolute_redirect off;
    ${apiHeaders.replaceAll("      ", "    ")}
    error_page 401 @unauthorized;
    error_page 500 = @unverified;
    error_page 502 503 504 =503 @unavailable;

`,
};

/** The API, as clients reach it. */
export function apiLocations({ guard, outsideApi }: Entrance): Feature {
  return {
    locations: `
    location = /v2 {
      return 301 /v2/;
    }

    location /v2/ {
${guard}
${forward}
    }

    # The end of a path says what it is, as names of repositories may have such words in them. A form in the body would
    # override the checked query.
    location ~ ^/v2/.+/blobs/uploads/[^/]*$ {
${guard}
${forwardUpload}
    }

    location / {
${outsideApi}
    }

    location @registry {
${forward}
    }
`,
  };
}
