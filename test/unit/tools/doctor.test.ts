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
