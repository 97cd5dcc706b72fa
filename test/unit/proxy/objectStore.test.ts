import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { block, directives, render, text } from "../../support/nginxText";

const inStore = render({ objectStore: true });

describe("nginx.conf before a registry in an object store", () => {
  test("shows nobody what the registry says of the store, and says what it is not by its own words", () => {
    assert.deepEqual(directives("proxy_intercept_errors", inStore), ["on", "off"]);
    // Of two for one status nginx takes the first.
    const pages = directives("error_page", inStore).filter((value) => /^50[03]/.test(value));
    assert.deepEqual(pages.slice(0, 3), ["500 = @store_failed", "503 = @store_away", "500 = @unverified"]);
    for (const [name, otherwise] of [
      ["@store_failed", "@unverified"],
      ["@store_away", "@unavailable"],
    ]) {
      const location = block(`location ${name}`, inStore);
      assert.match(
        location,
        /return 503 '\{"errors":\[\{"code":"UNAVAILABLE","message":"the store of the images/,
      );
      assert.match(location, new RegExp(`try_files /nothing ${otherwise};`));
    }
  });

  test("refuses what writes while the file of a collection is there, after the login and with its text", () => {
    assert.match(inStore, /if \(-f \$pause_flag\)/);
    assert.match(
      inStore,
      /"~\^0 \/v2\/\.\* \(\?:POST\|PUT\|PATCH\|DELETE\)\$" \/run\/private-registry\/pause;/,
    );
    assert.match(block("location = /_paused", inStore), /auth_request/);
    assert.match(block("location = /_pause", inStore), /internal;\n *alias \/run\/private-registry\/pause;/);
  });

  test("has none of it where images are on a disk", () => {
    assert.doesNotMatch(text, /pause|store_/);
    assert.deepEqual(directives("proxy_intercept_errors"), ["off"]);
  });
});
