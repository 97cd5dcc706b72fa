import assert from "node:assert/strict";
import { test } from "node:test";
import {
  holdersAmong,
  judgeRefusal,
  publishedPlaces,
  refusalText,
  trialOf,
  wantedPlaces,
} from "../../../tools/ports";
import { container } from "../../support/dockerHost";

const place = { address: "127.0.0.1", port: 5443 };

test("the place of a stack is read from its settings, and nothing is guessed", () => {
  assert.deepEqual(wantedPlaces({}), [{ address: "0.0.0.0", port: 443 }]);
  assert.deepEqual(wantedPlaces({ port: 5443, bindAddress: "127.0.0.1" }), [place]);
  for (const port of [null, 0, 65536, "https", { secure: "v1" }])
    assert.deepEqual(wantedPlaces({ port, bindAddress: "127.0.0.1" }), []);
  assert.deepEqual(wantedPlaces({ secure: "v1" }), []);
  const both = [
    { address: "0.0.0.0", port: 443 },
    { address: "::", port: 443 },
  ];
  assert.deepEqual(wantedPlaces({ bindAddress: "::" }), both);
});

test("servers that are not stopped hold the places that they publish", () => {
  const ports = { "8443/tcp": [{ HostIp: "127.0.0.1", HostPort: "5443" }], "80/tcp": null };
  const proxy = container("proxy", "a");
  const networkSettings = { ...proxy.NetworkSettings, Ports: ports };
  assert.deepEqual(publishedPlaces([{ ...proxy, NetworkSettings: networkSettings }]), [place]);
  const stopped = container("proxy", "a", { Status: "exited" });
  assert.deepEqual(publishedPlaces([{ ...stopped, NetworkSettings: networkSettings }]), []);
  // Between two starts Docker says that nothing is published.
  const looping = {
    ...container("proxy", "a", { Status: "restarting" }),
    HostConfig: { PortBindings: ports },
  };
  assert.deepEqual(publishedPlaces([looping]), [place]);
});

test("Docker is asked for the port, for the address alone where we hold the port, and not for what we have", () => {
  assert.equal(trialOf(place, []), "127.0.0.1:5443:1");
  assert.equal(trialOf(place, [place]), undefined);
  assert.equal(trialOf(place, [{ address: "0.0.0.0", port: 5443 }]), "127.0.0.1::1");
  assert.equal(trialOf({ address: "0.0.0.0", port: 5443 }, [place]), "0.0.0.0::1");
  assert.equal(trialOf(place, [{ address: "192.0.2.1", port: 5443 }]), "127.0.0.1:5443:1");
  assert.equal(trialOf({ address: "::1", port: 5443 }, []), "[::1]:5443:1");
});

test("Docker's refusals are told apart", () => {
  assert.equal(judgeRefusal("Bind for 127.0.0.1:5443 failed: port is already allocated."), "taken");
  assert.equal(judgeRefusal("listen tcp4 127.0.0.1:5443: bind: address already in use."), "taken");
  assert.equal(judgeRefusal("bind: cannot assign requested address"), "no such address");
  assert.equal(judgeRefusal('exec: "true": executable file not found in $PATH'), undefined);
});

test("the message names port, address, holder and remedy", () => {
  assert.equal(
    refusalText("taken", place, ["web"]),
    "settings.port: 127.0.0.1:5443 is taken by the container web (docker stop web). Nothing was changed. " +
      "Stop that, or set another port, then run this again",
  );
  assert.match(
    refusalText("taken", place, []),
    /by a program on the Docker host \("ss -ltnp 'sport = :5443'"/,
  );
  assert.match(
    refusalText("no such address", place, []),
    /^settings\.bindAddress: the Docker host has no address 127/,
  );
});

test("our own containers are no holders", () => {
  assert.deepEqual(holdersAmong("web\np-dev-main-proxy\n", [container("proxy", "a")]), ["web"]);
});
