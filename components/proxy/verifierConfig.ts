/** Where the verifier of logins finds and puts things in its container. */
export interface VerifierSettings {
  readonly socketPath: string;
  /** Address on the container's own loopback that answers its health check. */
  readonly healthAddress: string;
  /** Path of the htpasswd file. nginx rereads it for each login. */
  readonly usersPath: string;
}

/** Logins checked at the same time, on as many processors. Each is a process of nginx, of half a megabyte. */
const workers = 4;

/**
 * nginx.conf of the verifier: who logs in gets 200, others 401, and 503 says that nobody can be checked. It logs nothing
 * below `crit`, as nginx names in its errors who has failed.
 *
 * bcrypt keeps a worker busy, which then takes no connection: those that wait are in the queue of the socket, which must
 * be long enough, and few belong to a worker.
 */
export function verifierConfig({ socketPath, healthAddress, usersPath }: VerifierSettings): string {
  return `worker_processes ${workers};
worker_rlimit_core 0;
daemon off;
pid /tmp/nginx.pid;
error_log stderr crit;

events {
  worker_connections 256;
}

http {
  access_log off;
  server_tokens off;
  keepalive_timeout 0;
  large_client_header_buffers 4 16k;
  client_body_temp_path /tmp/client_body;
  proxy_temp_path /tmp/proxy;
  fastcgi_temp_path /tmp/fastcgi;
  uwsgi_temp_path /tmp/uwsgi;
  scgi_temp_path /tmp/scgi;

  server {
    listen unix:${socketPath} backlog=4096;
    listen ${healthAddress};

    location = / {
      return 200;
    }

    location / {
      auth_basic verifier;
      auth_basic_user_file ${usersPath};
      # Without the file nginx would answer 403.
      error_page 403 500 =503 @unreadable;
      # Answered after the login: \`return\` would come before it.
      try_files /nothing @right;
    }

    location @right {
      return 200;
    }

    location @unreadable {
      return 503;
    }
  }
}
`;
}
