import assert from "node:assert/strict";
import { test } from "node:test";
import { imageNames } from "../../../components/docker/imageNames";

const names = Object.values(imageNames);
const doctor = import("../../../tools/doctor.mjs");

test("the doctor sees every image on the Docker host, by its official name before its stand-in's", async () => {
  const { imageChecks } = await doctor;
  assert.deepEqual(
    imageChecks(() => true),
    names.map(({ official }) => ({ name: `image ${official}`, state: "found", text: "on the Docker host" })),
  );
});

test("the doctor sees every stand-in", async () => {
  const { imageChecks } = await doctor;
  const standIns = names.map(({ standIn }) => standIn);
  assert.deepEqual(
    imageChecks((image) => standIns.includes(image)).map(({ state, text }) => [state, text]),
    standIns.map((standIn) => ["found", `stand-in ${standIn}`]),
  );
});

test("an image that is not there is for set-up to get, and no failure", async () => {
  const { imageChecks } = await doctor;
  const states = imageChecks(() => false).map(({ state }) => state);
  assert.deepEqual(
    states,
    names.map(() => "to do"),
  );
});

test("the doctor knows a Docker from snap, with SELinux or without root, and says what holds there", async () => {
  const { limitsOf } = await doctor;
  const usual = '["name=apparmor","name=seccomp,profile=default"]';
  assert.deepEqual(limitsOf(usual, "/var/lib/docker"), []);
  const texts = (security: string, folder: string) => limitsOf(security, folder).map(({ text }) => text);
  assert.match(
    texts(usual, "/var/snap/docker/common/var-lib-docker")[0] ?? "",
    /^a snap: storage\.hostPath must be below \/home/,
  );
  const both = texts('["name=seccomp","name=selinux","name=rootless"]', "/home/a/.local/share/docker");
  assert.deepEqual(
    both.map((text) => text.split(":")[0]),
    ["SELinux", "without root"],
  );
});
