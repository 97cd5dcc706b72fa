import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { frontSnippets } from "../../../components/fronts/loadBalancerSnippets";

const settings = {
  hostnames: ["192.0.2.7", "registry.example.com"],
  publicPort: 8443,
  upstream: "198.51.100.1:5443",
  encrypted: true,
  hasOwnAuthority: true,
};
const { safeline = "", nginx = "", haproxy = "" } = frontSnippets(settings);
const plain = frontSnippets({ ...settings, encrypted: false });

/** What a location of nginx must say, so that an image of any size passes without touching the disk. */
const location = [
  "client_max_body_size 0;",
  "proxy_request_buffering off;",
  "proxy_max_temp_file_size 0;",
  "proxy_set_header X-Forwarded-Proto $scheme;",
];

describe("snippets for a load balancer in front", () => {
  test("are complete for nginx, and the lines to add for SafeLine", () => {
    for (const line of location) {
      assert.ok(nginx.includes(line), line);
      assert.ok(safeline.includes(line), line);
    }
    assert.match(nginx, /listen 8443 ssl;[\s\S]*proxy_pass https:\/\/private_registry;/);
    assert.match(nginx, /server 198\.51\.100\.1:5443;/);
    assert.doesNotMatch(safeline.replace(/^#.*$/gm, ""), /\{|proxy_pass|proxy_redirect|Host/);
    assert.match(safeline, /^# Put these lines into resources\/nginx\/custom_params\/backend_N /m);
  });

  test("are a front end and a back end for HAProxy", () => {
    assert.match(haproxy, /bind :8443 ssl .*ssl-min-ver TLSv1\.2/);
    assert.match(haproxy, /option forwardfor/);
    assert.match(haproxy, /server registry 198\.51\.100\.1:5443 ssl verify required/);
  });

  test("verify the registry's certificate by the first name, as none of them can by an IP address", () => {
    assert.match(nginx, /proxy_ssl_name registry\.example\.com;\n\s*proxy_ssl_verify on;/);
    assert.match(safeline, /proxy_ssl_name registry\.example\.com;\nproxy_ssl_verify on;/);
    assert.match(haproxy, /sni str\(registry\.example\.com\) verifyhost registry\.example\.com$/m);
    const nameless = frontSnippets({ ...settings, hostnames: ["192.0.2.7"] });
    assert.doesNotMatch(Object.values(nameless).join(""), /proxy_ssl_verify|verifyhost/);
    assert.match(nameless.nginx ?? "", /https:\/\/private_registry/);
  });

  test("name the file of the authority, or the system's for a public one", () => {
    for (const text of [safeline, nginx, haproxy]) assert.match(text, /private-registry-upstream-ca\.crt/);
    const known = Object.values(frontSnippets({ ...settings, hasOwnAuthority: false }));
    for (const text of known) {
      assert.match(text, /\/etc\/ssl\/certs\/ca-certificates\.crt/);
      assert.doesNotMatch(text, /upstream-ca|upstreamCa/);
    }
  });

  test("say what to replace where the address of the registry is not known", () => {
    const unknown = frontSnippets({ ...settings, upstream: "REGISTRY_HOST:5443" });
    for (const text of Object.values(unknown)) assert.match(text, /^# Replace REGISTRY_HOST /m);
  });

  test("speak plain HTTP with the registry if told so", () => {
    assert.doesNotMatch(Object.values(plain).join(""), /proxy_ssl|verify|upstreamCa|https:\/\//);
    assert.match(plain.safeline ?? "", /upstream http:\/\/198\.51\.100\.1:5443\./);
    assert.match(plain.haproxy ?? "", /server registry 198\.51\.100\.1:5443\n/);
  });
});
