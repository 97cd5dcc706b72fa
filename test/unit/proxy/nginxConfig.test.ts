import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loginEntrance } from "../../../components/proxy/nginx/entrance";
import { keeper } from "../../../components/proxy/nginx/keeper";
import { loginGuards } from "../../../components/proxy/nginx/login";
import { resolvedLog, resolvedMetrics } from "../../../components/watch/defaults";
import { block, directives, render, text } from "../../support/nginxText";

/** Each location that passes something to the registry. */
const upload = "location ~ ^/v2/.+/blobs/uploads/[^/]*$";
const forwarding = ["location /v2/", upload];

describe("nginx.conf for clients", () => {
  test("speaks TLS 1.2 and 1.3 alone, with forward secrecy and authenticated ciphers", () => {
    assert.deepEqual(directives("ssl_protocols"), ["TLSv1.2 TLSv1.3"]);
    for (const cipher of directives("ssl_ciphers").join(":").split(":")) {
      assert.match(cipher, /^ECDHE-(ECDSA|RSA)-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)$/);
    }
    assert.deepEqual(directives("ssl_session_tickets"), ["off"]);
  });

  test("listens for TLS on one port, and without TLS on its own loopback", () => {
    assert.deepEqual(directives("listen"), [
      "unix:/tmp/attempts.sock",
      "unix:/tmp/waiting.sock",
      "8443 ssl",
      "127.0.0.1:8081",
    ]);
  });

  test("asks for a client certificate only where it is told to, and ends the handshake without one", () => {
    assert.doesNotMatch(text, /ssl_client_certificate|ssl_verify_client|VerifyMode|495/);
    const asking = render({ verifiesClients: true });
    assert.deepEqual(directives("ssl_client_certificate", asking), ["client-ca.crt"]);
    assert.deepEqual(directives("ssl_verify_client", asking), ["on"]);
    assert.ok(directives("ssl_conf_command", asking).includes("VerifyMode Require"));
    assert.match(block("location @foreign_certificate", asking), /return 403 '\{"errors":\[/);
  });

  test("names its files relative to itself, so that a generation is moved as a whole", () => {
    assert.deepEqual(directives("ssl_certificate"), ["server.crt"]);
    assert.deepEqual(directives("ssl_certificate_key"), ["server.key"]);
    assert.deepEqual(directives("js_import"), ["login from login.js", "wait from wait.js"]);
  });

  test("has in the http block, whose scripts run with each login, the one of the login alone", () => {
    const watched = render({
      log: resolvedLog({ auditDays: 3 }),
      metrics: resolvedMetrics(),
      controlPath: "/run/control",
    });
    for (const each of [text, watched])
      assert.deepEqual(each.match(/^ {2}js_import.*$/gm), ["  js_import login from login.js;"]);
  });

  test("speaks HTTP/1.1, which is faster for layers", () => {
    assert.doesNotMatch(text, /http2/);
  });

  test("ends workers of before a reload after the time that it is given", () => {
    assert.deepEqual(directives("worker_shutdown_timeout"), ["86400s"]);
    assert.deepEqual(directives("worker_shutdown_timeout", render({ oldWorkerSeconds: 5 })), ["5s"]);
  });

  test("takes a body of any size", () => {
    assert.deepEqual(directives("client_max_body_size"), ["0", "0"]);
  });

  test("says neither its version nor where its socket is", () => {
    assert.deepEqual(directives("server_tokens"), ["off"]);
    assert.deepEqual(directives("absolute_redirect"), ["off"]);
    for (const body of text.match(/return \d+ '.*'/g) ?? []) {
      assert.doesNotMatch(body, /registry\.sock|8443|8081/);
    }
  });

  test("answers errors in the registry's own format", () => {
    const bodies = [...text.matchAll(/return (\d+) '(.*)';/g)];
    assert.deepEqual(
      bodies.map(([, status, body]) => [status, JSON.parse(body ?? "").errors[0].code]),
      [
        ["503", "UNAVAILABLE"],
        ["400", "UNSUPPORTED"],
        ["400", "UNSUPPORTED"],
        ["404", "NOT_FOUND"],
        ["405", "UNSUPPORTED"],
        ["401", "UNAUTHORIZED"],
        ["429", "TOOMANYREQUESTS"],
        ["503", "UNAVAILABLE"],
        ["503", "UNAVAILABLE"],
      ],
    );
  });

  test("refuses before it asks who is there", () => {
    assert.ok(text.indexOf("if ($refused)") < text.indexOf("auth_request "));
  });

  test("puts a snippet into the server block for clients, and nothing where there is none", () => {
    const [clients, health] = render({ snippet: "gzip on;\n\nadd_header X-A 1;" }).split("listen 127.0.0.1");
    assert.match(clients ?? "", /listen 8443[\s\S]*\n {4}gzip on;\n\n {4}add_header X-A 1;\n {2}\}/);
    assert.doesNotMatch(health ?? "", /gzip/);
    assert.ok(!text.includes("undefined"));
  });

  test("asks with the given realm", () => {
    assert.equal(render({ realm: "Ours (Kent)" }).match(/'Basic realm="Ours \(Kent\)"'/g)?.length, 2);
  });

  test("knows a generation and the registry's health on the loopback alone", () => {
    const health = text.slice(text.indexOf("listen 127.0.0.1"));
    assert.match(health, /location = \/generation \{\n\s*return 200 "0123456789abcdef";/);
    assert.match(health, /location = \/healthz \{\n\s*proxy_pass http:\/\/listening\/;/);
    assert.equal(text.match(/0123456789abcdef/g)?.length, 1);
  });
});

describe("nginx.conf for the registry", () => {
  test("passes requests on in two places, each with a login, and in one that only they lead to", () => {
    const passing = text.match(/proxy_pass http:\/\/registry\$registry_uri;/g) ?? [];
    assert.equal(passing.length, forwarding.length + 1);
    assert.deepEqual(directives("proxy_pass", block("location @registry")), ["http://registry$registry_uri"]);
    for (const location of forwarding) {
      assert.deepEqual(directives("auth_request", block(location)), ["/_login"], location);
      assert.match(block(location), /if \(\$http_authorization = ""\) \{\s+return 401;/, location);
      assert.deepEqual(directives("proxy_pass", block(location)), ["http://registry$registry_uri"], location);
    }
  });

  test("tells the registry the name that the client used, and nothing that the client claims", () => {
    for (const location of forwarding) {
      const headers = directives("proxy_set_header", block(location));
      for (const header of [
        "Host $http_host",
        "X-Forwarded-Proto https",
        "X-Forwarded-For $remote_addr",
        'X-Forwarded-Host ""',
        'Forwarded ""',
        'Authorization ""',
      ]) {
        assert.ok(headers.includes(header), `${header} in ${location}`);
      }
    }
  });

  test("streams uploads, and gives downloads buffers in memory but no file", () => {
    for (const location of forwarding) {
      assert.deepEqual(directives("proxy_request_buffering", block(location)), ["off"]);
      assert.deepEqual(directives("proxy_max_temp_file_size", block(location)), ["0"]);
    }
    assert.doesNotMatch(text, /proxy_buffering/);
  });

  test("never passes on an upload as a form", () => {
    assert.ok(
      directives("proxy_set_header", block(upload)).includes("Content-Type application/octet-stream"),
    );
  });

  test("takes for an upload what ends as one, whatever words the repository's name has", () => {
    const pattern = new RegExp(upload.slice("location ~ ".length));
    for (const path of ["/v2/a/blobs/uploads/", "/v2/a/blobs/uploads/0f8f", "/v2/manifests/x/blobs/uploads/"])
      assert.match(path, pattern);
    for (const path of [
      "/v2/a/blobs/uploads/app/manifests/1",
      "/v2/a/blobs/uploads/tags/list",
      "/v2/blobs/uploads/",
    ])
      assert.doesNotMatch(path, pattern);
  });
});

describe("nginx.conf for logins", () => {
  test("passes on the login of a known user, by the exact name, and else that of the decoy", () => {
    const known = /"(~\^\(\?:.*)" \$http_authorization;/.exec(text)?.[1] ?? "";
    // The end of the text, for which JavaScript has no sign of its own.
    const pattern = new RegExp(known.slice(1).replace("\\z", "$"));
    assert.match(known, /\\z$/);
    for (const name of ["alice", "build.bot@example"]) assert.match(name, pattern);
    for (const name of ["", "Alice", "alic", "alice2", "buildxbot@example", "_decoy", "default"]) {
      assert.doesNotMatch(name, pattern);
    }
    assert.match(text, /default "Basic X2RlY295Og==";/);
  });

  test("keeps a verdict under a name that is no login, for one file of users", () => {
    assert.deepEqual(directives("proxy_cache_key"), ["$verdict_name-fedcba9876543210"]);
    assert.doesNotMatch(text, /proxy_cache_key[^;]*authorization/);
  });

  test("limits logins without a verdict by the client that asks, and nothing else", () => {
    assert.deepEqual(directives("limit_req_zone"), ["$client zone=logins:4m rate=5r/s"]);
    assert.deepEqual(directives("limit_req"), ["zone=logins burst=50"]);
    assert.deepEqual(directives("real_ip_header", block("server")), ["X-Real-IP"]);
    assert.ok(directives("proxy_set_header", block("location = /_login")).includes("X-Real-IP $remote_addr"));
  });
});

describe("nginx.conf for blobs", () => {
  const withBlobs = render({ dataPath: "/var/lib/registry" });

  test("serves none unless it is told where they are", () => {
    assert.doesNotMatch(text, /@blob/);
    assert.match(withBlobs, /location @blob/);
  });

  test("asks for a login and for the repository's link before it looks for a blob", () => {
    const location =
      /location ~ "\^\/v2\/.*blobs\/sha256:.*\{\n([\s\S]*?)\n {4}\}/.exec(withBlobs)?.[1] ?? "";
    assert.match(location, /auth_request \/_login;[\s\S]*try_files \/nothing @blob;/);
    const blob = block("location @blob", withBlobs);
    assert.ok(blob.indexOf("_layers/sha256/$blob/link") < blob.indexOf("try_files /blobs"));
    const elsewhere = withBlobs.replace(block("location = /_login", withBlobs), "");
    assert.doesNotMatch(elsewhere, /open_file_cache/, "a deleted blob is gone at once");
  });
});

describe("nginx.conf for whoever would delete a blob", () => {
  const pattern = new RegExp(/"~(\^\S+ DELETE\$)" 1;/.exec(text)?.[1] ?? "no pattern");
  const digest = `sha256:${"0".repeat(64)}`;

  test("refuses it by path and method", () => {
    for (const path of [
      `/v2/app/blobs/${digest}`,
      `/v2/a/blobs/uploads/blobs/${digest}`,
      "/v2/a/blobs/sha999:a",
    ])
      assert.match(`${path} DELETE`, pattern);
  });

  test("leaves reading, uploads, tags and manifests alone", () => {
    for (const request of [
      `/v2/app/blobs/${digest} GET`,
      `/v2/app/blobs/${digest} HEAD`,
      "/v2/app/blobs/uploads/ DELETE",
      "/v2/app/blobs/uploads/0f8fad5b-d9cb-469f-a165-70867728950e DELETE",
      `/v2/app/blobs/manifests/${digest} DELETE`,
      "/v2/app/manifests/blobs DELETE",
      "/_login DELETE",
    ])
      assert.doesNotMatch(request, pattern);
  });

  test("looks at it after paths that are refused, and answers after the login, behind a firewall too", () => {
    const waf = { rulesPath: "/waf.conf", bodyLimit: 65_536 };
    for (const config of [text, render({ waf }), render({ dataPath: "/data" })]) {
      assert.ok(config.indexOf("if ($refused)") < config.indexOf("if ($deletes_blob)"));
      const location = block("location = /_deletion", config);
      assert.deepEqual(directives("auth_request", location), ["/_login"]);
      assert.match(location, /auth_request[\s\S]*try_files \/nothing @undeletable;/);
    }
  });
});

describe("nginx.conf for requests for the keeper", () => {
  const withKeeper = render({ controlPath: "/control" });
  const feature = keeper("/control", loginEntrance(loginGuards(undefined).loginRequired).guard);

  test("is the same but for them", () => {
    assert.equal(withKeeper.replace(feature.http ?? "", "").replace(feature.locations ?? "", ""), text);
  });

  test("lets only itself reach the files of answers", () => {
    const heads = [...withKeeper.matchAll(/location (.*) \{\n\s+internal;\n\s+alias \/control/g)];
    assert.equal(heads.length, 2);
    assert.equal(withKeeper.match(/\/control/g)?.length, 2);
  });

  test("measures the length of a body by its digits", () => {
    const limits = /map \$http_content_length \$keeper_body_refused \{[\s\S]*?"~(.*)" 0;/.exec(withKeeper);
    const pattern = new RegExp(limits?.[1] ?? "no pattern");
    for (const length of ["0", "2", "999", "4000", "4089", "4096"]) assert.match(length, pattern);
    for (const length of ["4097", "4100", "5000", "10000", "x", "-1", "1e3"])
      assert.doesNotMatch(length, pattern);
  });
});

test("any number of users is known, in words that nginx takes", () => {
  const users = Array.from({ length: 3000 }, (_, index) => `user.${index}@${"x".repeat(index % 100)}`);
  const table = block("map $remote_user $checked_login", render({ users }));
  const patterns = [...table.matchAll(/"~(.*)" \$http_authorization;/g)].map(([, source = ""]) =>
    source.replace(/\\z$/, "$"),
  );
  assert.ok(patterns.length > 10 && patterns.every((source) => source.length < 4000));
  const isKnown = (name: string) => patterns.some((source) => new RegExp(source).test(name));
  for (const user of users) assert.ok(isKnown(user), user);
  assert.ok(!isKnown("user-1@x") && !isKnown("user.1@"));
});
