import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resolvedRequestLimits } from "../../../components/proxy/defaults";
import { access } from "../../../components/proxy/nginx/access";
import { blobCache } from "../../../components/proxy/nginx/blobCache";
import { blobDeletion } from "../../../components/proxy/nginx/blobDeletion";
import { blobs } from "../../../components/proxy/nginx/blobs";
import { catalogue } from "../../../components/proxy/nginx/catalogue";
import { clientCertificates } from "../../../components/proxy/nginx/clientCertificates";
import { loginEntrance } from "../../../components/proxy/nginx/entrance";
import { type Feature, joined, optional } from "../../../components/proxy/nginx/feature";
import { immutableTags, lookAtTags } from "../../../components/proxy/nginx/immutableTags";
import { keeper } from "../../../components/proxy/nginx/keeper";
import { login, loginGuards } from "../../../components/proxy/nginx/login";
import type { NginxSettings } from "../../../components/proxy/nginx/nginxConfig";
import { apiLocations, clientRequests } from "../../../components/proxy/nginx/registryApi";
import { registryUpstream } from "../../../components/proxy/nginx/registryUpstream";
import { requestChecks } from "../../../components/proxy/nginx/requestChecks";
import { clientAddress, requestLimits } from "../../../components/proxy/nginx/requestLimits";
import { plainListener, tlsListener } from "../../../components/proxy/nginx/tls";
import { trustedFront } from "../../../components/proxy/nginx/trustedFront";
import { firewall } from "../../../components/proxy/waf/firewall";
import { block, directives, render } from "../../support/nginxText";

interface OptionalFeature {
  readonly feature: Feature;
  /** Brings it into nginx.conf. */
  readonly change: Partial<NginxSettings>;
  /** Takes it out; by default it is not there. */
  readonly without?: Partial<NginxSettings>;
  readonly shares: readonly (keyof Feature)[];
  /** What only it writes. */
  readonly marks: RegExp;
}

const waf = { rulesPath: "/etc/private-registry/0/waf.conf", bodyLimit: 65_536 };
const limits = resolvedRequestLimits({
  allowedAddresses: ["192.0.2.0/24"],
  requestsPerSecond: 20,
  connectionsPerAddress: 3,
});
const rules = {
  table: { rules: ["pull **"], users: { "": "- nobody 0", alice: "- 0123 0" }, isOpen: true },
  version: "0123",
  names: ["registry.test", "other.test:8443"],
};
const plainEntrance = loginEntrance(loginGuards(undefined).loginRequired);
const ruled = loginEntrance(loginGuards(rules).loginRequired);
const trustedAddresses = ["198.51.100.0/24"];

const optionalFeatures: { readonly [name: string]: OptionalFeature } = {
  TLS: {
    feature: tlsListener(8443),
    change: {},
    without: { plainHttp: true },
    shares: ["server"],
    marks: /ssl|497|@plain_http/,
  },
  "client certificates": {
    feature: clientCertificates,
    change: { verifiesClients: true },
    shares: ["server"],
    marks: /ssl_client_certificate|ssl_verify_client|VerifyMode|495|@foreign_certificate/,
  },
  "the trusted front": {
    feature: trustedFront(trustedAddresses),
    change: { trustedAddresses },
    shares: ["http", "server"],
    marks: /front_refused|real_ip_recursive|x_forwarded_proto/,
  },
  "request limits": {
    feature: requestLimits(limits),
    change: { limits },
    shares: ["http", "server"],
    marks: /address_refused|zone=requests|limit_conn|@too_many/,
  },
  "blobs from the disk": {
    feature: blobs("/data", plainEntrance.guard),
    change: { dataPath: "/data" },
    shares: ["http", "locations"],
    marks: /@blob|blob_is_for_registry|\/data/,
  },
  "blobs that are kept": {
    feature: blobCache({ folder: "/kept", sizeGib: 5 }, plainEntrance.guard),
    change: { blobCache: { folder: "/kept", sizeGib: 5 } },
    shares: ["http", "locations"],
    marks: /proxy_cache_path \/kept|cached_blob|blob_is_not_cached|_has_blob|slice/,
  },
  "access by rules": {
    feature: access(rules, resolvedRequestLimits(), ruled),
    change: { access: rules },
    shares: ["modules", "http", "server", "locations"],
    marks: /access\.js|user_rights|early_answer|asked_|token_user|asking_user|@denied|= \/_token|served_name/,
  },
  "the list of repositories": {
    feature: catalogue(ruled),
    change: { access: rules },
    shares: ["modules", "http", "locations"],
    marks: /catalogue|zone=walks/,
  },
  "immutable tags": {
    feature: immutableTags(plainEntrance),
    change: { hasImmutableTags: true },
    shares: ["modules", "http", "server", "locations"],
    marks: /immutableTags|changes_manifest|_change|_manifest_of/,
  },
  "requests for the keeper": {
    feature: keeper("/control", plainEntrance.guard),
    change: { controlPath: "/control" },
    shares: ["modules", "http", "locations"],
    marks: /keeper|_answers|_failures|@long_request|\/control/,
  },
  "the firewall": {
    feature: firewall(waf),
    change: { waf },
    shares: ["modules", "http", "server", "locations"],
    marks: /modsecurity|rules|\$upload|manifest|_refused|@refused|@unknown|@forbidden|@too_large/,
  },
};

const always: { readonly [name: string]: Feature } = {
  "the plain listener": plainListener(8080),
  "what holds for every request": clientRequests,
  "the client's address": clientAddress,
  "request checks": requestChecks,
  "the API's locations": apiLocations(plainEntrance),
  "the plain entrance": plainEntrance,
  "the refusal to delete a blob": blobDeletion(plainEntrance.guard),
  login: login({
    realm: "R",
    users: ["alice"],
    usersHash: "0",
    verifierSocket: "/run/verifier.sock",
    limits: resolvedRequestLimits(),
  }),
  "the registry behind": registryUpstream(["/run/registry.sock"]),
};

const textsOf = (feature: Feature) => {
  const { http, server, locations } = joined([feature]);
  return [http, server, locations].filter((text) => text !== "");
};

/** Blocks that a text leaves open, or closes without having opened them. Braces in quotes are none of them. */
function openBlocks(text: string): number {
  const bare = text.replace(/"[^"]*"|'[^']*'/g, "").replace(/types \{\}/, "");
  return bare.split(/\{$/m).length - bare.split(/^ *\}$/m).length;
}

describe("each feature of the proxy", () => {
  const possible = Object.entries(optionalFeatures).map(([name, { feature }]) => [name, feature] as const);
  for (const [name, feature] of [...Object.entries(always), ...possible]) {
    test(`${name}: is whole lines, and closes the blocks that it opens`, () => {
      assert.ok(textsOf(feature).length > 0);
      for (const text of textsOf(feature)) {
        assert.match(text, /\n$/);
        assert.equal(openBlocks(text), 0, text);
        assert.doesNotMatch(text, /undefined|\[object|\bnull\b/);
      }
    });
  }
});

test("what every proxy has is in each nginx.conf, as it is and once", () => {
  const plain = {
    ...{ plainHttp: true, port: 8080, realm: "R", users: ["alice"], usersHash: "0" },
    ...{ verifierSocket: "/run/verifier.sock", registrySockets: ["/run/registry.sock"] },
  };
  for (const change of [{}, { limits, trustedAddresses, dataPath: "/data" }]) {
    const config = render({ ...plain, ...change });
    for (const text of Object.values(always).flatMap(textsOf)) {
      assert.equal(config.split(text).length - 1, 1, text);
    }
  }
});

describe("a feature that may be left out", () => {
  for (const [name, { feature, change, without = {}, shares, marks }] of Object.entries(optionalFeatures)) {
    test(`${name}: has its shares, and they are in nginx.conf as they are`, () => {
      const present = joined([feature]);
      assert.deepEqual(
        (["modules", "http", "server", "locations"] as const).filter((share) => present[share].length > 0),
        shares,
      );
      for (const text of textsOf(feature)) assert.ok(render(change).includes(text), text);
      assert.match(textsOf(feature).join(""), marks);
    });

    test(`${name}: leaves no trace in nginx.conf where it is not asked for`, () => {
      // Maps of request checks and the API's own paths speak of manifests and uploads, too.
      const config = render(without)
        .replace(requestChecks.http ?? "", "")
        .replace(/^ *location ~? .*$/gm, "");
      assert.doesNotMatch(config, marks);
      for (const text of textsOf(feature)) assert.ok(!render(without).includes(text));
    });
  }

  test("all of them together are in nginx.conf, each once, with blobs behind the firewall", () => {
    const changes = Object.values(optionalFeatures).map(({ change }) => change);
    const config = render(Object.assign({}, ...changes));
    const behind = firewall(waf, loginGuards(rules).loggedIn, lookAtTags);
    const {
      "blobs from the disk": _blobs,
      "blobs that are kept": _kept,
      "requests for the keeper": _keeper,
      "access by rules": _access,
      "the list of repositories": _list,
      "immutable tags": _tags,
      "the firewall": _firewall,
      ...others
    } = optionalFeatures;
    const features = [
      ...Object.values(others).map(({ feature }) => feature),
      blobs("/data", behind.guard),
      blobCache({ folder: "/kept", sizeGib: 5 }, behind.guard),
      keeper("/control", behind.guard),
      access(rules, limits, behind),
      catalogue(behind),
      immutableTags(behind),
      behind,
    ];
    for (const text of features.flatMap(textsOf)) assert.equal(config.split(text).length - 1, 1, text);
  });
});

describe("the entrance", () => {
  test("asks for a login, with a firewall after the rules", () => {
    assert.deepEqual(directives("auth_request", plainEntrance.guard), ["/_login"]);
    const { guard } = firewall(waf);
    assert.deepEqual(directives("auth_request", guard), ["/_login"]);
    assert.ok(guard.indexOf("modsecurity on;") < guard.indexOf("auth_request"));
    assert.doesNotMatch(guard, /return/);
  });

  test("is what the locations of the API and of blobs begin with", () => {
    const entrance = { ...plainEntrance, guard: "      GUARD;", outsideApi: "      OUTSIDE;" };
    const { locations = "" } = apiLocations(entrance);
    assert.match(block("location /v2/", locations), /\{\n {6}GUARD;\n/);
    assert.match(block("location ~ ^/v2/.+/blobs/uploads/[^/]*$", locations), /\{\n {6}GUARD;\n/);
    assert.match(block("location /", locations), /\{\n {6}OUTSIDE;/);
    assert.match(blobs("/data", entrance.guard).locations ?? "", /\$" \{\n {6}GUARD;\n {6}try_files/);
    const { locations: ofKeeper = "" } = keeper("/control", entrance.guard);
    assert.match(block("location /_keeper/", ofKeeper), /\{\n {6}GUARD;\n {6}try_files/);
  });

  test("says where the modules are, of which each is loaded once", () => {
    assert.deepEqual(directives("load_module", render()), ["modules/ngx_http_js_module.so"]);
    assert.deepEqual(directives("load_module", render({ waf })), [
      "/usr/lib/nginx/modules/ngx_http_js_module.so",
      "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so",
    ]);
  });
});

describe("timeouts of bodies", () => {
  test("are long for what a client pushes, and short where the firewall keeps it in memory", () => {
    assert.deepEqual(directives("client_body_timeout", render()), ["900s"]);
    const config = render({ waf });
    const [pushed, ...inspected] = directives("client_body_timeout", config);
    assert.equal(pushed, "900s");
    assert.equal(inspected.length, directives("client_body_buffer_size", config).length - 1);
    assert.deepEqual([...new Set(inspected)], ["60s"]);
  });
});

describe("features as a list", () => {
  test("are joined in their order, and a module that two of them need is loaded once", () => {
    assert.deepEqual(
      joined([
        { modules: ["b", "a"], http: "1\n", locations: "x\n" },
        {},
        { modules: ["a"], http: "2\n", server: "s\n" },
      ]),
      { modules: ["a", "b"], http: "1\n2\n", server: "s\n", locations: "x\n" },
    );
    assert.deepEqual(joined([]), { modules: [], http: "", server: "", locations: "" });
  });

  test("have nothing for a setting that is not there, and something for one that is empty", () => {
    const feature = (value: string) => ({ http: `<${value}>` });
    assert.deepEqual(optional(undefined, feature), {});
    assert.deepEqual(optional("", feature), { http: "<>" });
  });
});
