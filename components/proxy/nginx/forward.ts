import { transferTimeout } from "./timeouts";

/** What every nginx on the way needs for layers of any size: large buffers in memory, no file, patience. */
export const streaming: readonly string[] = [
  "proxy_request_buffering off;",
  "proxy_buffer_size 64k;",
  "proxy_buffers 16 64k;",
  "proxy_busy_buffers_size 128k;",
  "proxy_max_temp_file_size 0;",
  `proxy_read_timeout ${transferTimeout};`,
  `proxy_send_timeout ${transferTimeout};`,
];

/** In a location: passes a request on to this path and query. */
export function forwardTo(target: string): string {
  return `      proxy_pass http://registry${target};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header X-Forwarded-Host "";
      proxy_set_header Forwarded "";
      proxy_set_header Authorization "";
      proxy_hide_header Docker-Distribution-Api-Version;
      proxy_hide_header X-Content-Type-Options;
      proxy_hide_header Content-Security-Policy;
${streaming.map((directive) => `      ${directive}`).join("\n")}`;
}

/** The same with the path as it is and the arguments that the registry may see. */
export const forward = forwardTo("$registry_uri");

/** The same for an upload: a form in the body would override the checked query. */
export const forwardUpload = `${forward}
      proxy_set_header Content-Type application/octet-stream;`;
