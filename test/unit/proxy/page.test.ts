import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pageFileNames, pageFiles } from "../../../components/proxy/page/pageFiles";
import { pageObstacles, pageProblems } from "../../../components/proxy/page/pageProblems";
import { block, directives, render, text } from "../../support/nginxText";

const files = pageFiles();
const folder = join(__dirname, "../../../components/proxy/page/files");

describe("the page for people", () => {
  test("has all files of its folder, and 30 KB in all", () => {
    assert.deepEqual([...pageFileNames].sort(), readdirSync(folder).sort());
    const size = Object.values(files).reduce((sum, file) => sum + Buffer.byteLength(file), 0);
    assert.ok(size <= 30_000, `${size} bytes`);
  });

  test("asks nobody but its own registry, and turns no text into elements", () => {
    for (const [name, file] of Object.entries(files)) {
      assert.doesNotMatch(file, /https?:\/\/|[^:]\/\/[a-z]/, name);
      assert.doesNotMatch(
        file,
        /innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function/,
        name,
      );
      assert.doesNotMatch(file, /\son[a-z]+="|style="/, name);
    }
  });

  test("has each sentence in English and Chinese, with the same places for values", () => {
    const rows = [
      ...(files["page/texts.js"] ?? "").matchAll(/^ {2}(\w+): \[\s*"(.*?)",\s*"(.*?)",?\s*\],$/gms),
    ];
    assert.ok(rows.length > 40, `${rows.length}`);
    const places = (sentence = "") => (sentence.match(/\{\d\}/g) ?? []).sort();
    for (const [, name, english, chinese] of rows) {
      assert.match(chinese ?? "", /[\u4e00-\u9fff]/, name);
      assert.deepEqual(places(chinese), places(english), name);
    }
    const all = Object.values(files).join("\n");
    const known = rows.map(([, name]) => name);
    const asked = [...all.matchAll(/\bt\("(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(
      asked.filter((name) => !known.includes(name)),
      [],
    );
  });
});

describe("the page in nginx.conf", () => {
  const page = { files: pageFileNames, folder: "/files/one" };
  const config = render({ page, controlPath: "/control" });

  test("is not there unless it is asked for", () => {
    assert.doesNotMatch(text, /\/_page\/|\$foreign/);
  });

  test("is behind the login, file by file, and nothing else of the proxy's files is", () => {
    for (const location of ["location = /", "location /_page/", "location = /_page/about"])
      assert.match(block(location, config), /auth_request \/_login;/);
    const table = block("map $uri $page_file", config);
    for (const name of pageFileNames.filter((file) => file !== "index.html"))
      assert.match(
        table,
        new RegExp(`^ +/_page/${name.replace(".", "\\.")} ${name.replace(".", "\\.")};$`, "m"),
      );
    assert.deepEqual(directives("root", block("location @page", config)), ["/files/one/page"]);
  });

  test("runs its own scripts alone, and in no other page", () => {
    for (const location of ["location @page", "location @about", "location @certificate"]) {
      const [policy = "", ...others] = directives("add_header", block(location, config));
      assert.match(policy, /default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/);
      assert.doesNotMatch(policy, /unsafe|\*|http/);
      assert.ok(others.includes("X-Content-Type-Options nosniff always"));
    }
  });

  test("tells of a keeper and of a certificate where there is one", () => {
    const about = (settings: Parameters<typeof render>[0]) =>
      JSON.parse(
        /return 200 '(.*)';/.exec(block("location @about", render({ page, ...settings })))?.[1] ?? "",
      );
    assert.deepEqual(about({ controlPath: "/control" }), {
      user: "$remote_user",
      keeper: true,
      certificate: true,
    });
    assert.deepEqual(about({ plainHttp: true }), { user: "$remote_user", keeper: false, certificate: false });
    assert.doesNotMatch(render({ page, plainHttp: true }), /@certificate/);
    const taken = render({ page, certificatePath: "/certificates/now" });
    const place = block("location @certificate", taken);
    assert.deepEqual(
      [directives("root", place), directives("try_files", place)],
      [["/certificates/now"], ["/chain.pem @no_page"]],
    );
  });
});

describe("what keeps a page away", () => {
  test("are headers that let other sites read answers, and a snippet that answers in its place", () => {
    assert.deepEqual(pageObstacles({}), []);
    assert.deepEqual(pageObstacles({ registry: { headers: { "X-Frame-Options": ["DENY"] } } }), []);
    assert.deepEqual(
      pageObstacles({
        registry: { headers: { "access-control-allow-origin": ["*"] } },
        registryConfigOverrides: { http: { headers: { "Access-Control-Allow-Methods": ["GET"] } } },
        proxySnippet: "location = / {\n  add_header access-control-allow-origin *;\n}\n",
      }),
      [
        "registry.headers has access-control-allow-origin",
        "registryConfigOverrides.http.headers has Access-Control-Allow-Methods",
        "proxySnippet has an Access-Control- header",
        'proxySnippet has "location = /", where the page is',
      ],
    );
  });

  test("is refused with a page that is asked for, and only then", () => {
    const registry = { headers: { "Access-Control-Allow-Origin": ["*"] } };
    for (const page of [undefined, false]) assert.deepEqual(pageProblems(page, { registry }), []);
    assert.deepEqual(pageProblems(true, { registry }), [
      "page: registry.headers has Access-Control-Allow-Origin; take that out, or leave page out",
    ]);
    assert.deepEqual(pageProblems(true, {}), []);
  });
});
