import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context";
import { capture, type Environment, output } from "../process";
import { problem, say } from "../say";
import { canInstall, install, onPath } from "./packages";

const usualSocket = "unix:///var/run/docker.sock";

/**
 * Ensures a Docker Engine that answers: the running one, else (as root on Debian or Ubuntu) an installed and started
 * one. Hands back DOCKER_HOST where docker's own context names another place, because the provider does not read it.
 */
export async function prepareDocker(context: Context): Promise<Environment> {
  const answer = await engineVersion();
  if (answer.version) {
    say(
      `Docker Engine: the running one, ${answer.version}${process.env.DOCKER_HOST ? " (by DOCKER_HOST)" : ""}`,
    );
    return dockerHost();
  }
  refuseWhereWeCannotHelp(answer.reason);
  if (!onPath("dockerd")) {
    say("Docker Engine: there is none here; docker.io comes with apt-get, which needs root");
    await install(["docker.io"]);
  }
  await startEngine(context);
  return dockerHost();
}

/** Stops with a clear message unless Docker answers. For commands that need nothing else. */
export async function requireDocker(): Promise<void> {
  const { version, reason } = await engineVersion();
  if (!version) throw problem(`Docker does not answer (${reason}). "npm run doctor" says what to do`);
}

/** Whether an image is on the Docker host. */
export async function isLocal(image: string, environment: Environment): Promise<boolean> {
  return (await capture("docker", ["image", "inspect", image], { environment })).code === 0;
}

async function engineVersion(): Promise<{ version: string; reason: string }> {
  const args = ["info", "--format", "{{.ServerVersion}}"];
  const { code, stdout, stderr } = await capture("docker", args, { timeoutSeconds: 30 });
  const reason = code === 124 ? "no answer within 30 s" : (stderr.trim().split("\n").at(-1) ?? "");
  return { version: code === 0 ? stdout.trim() : "", reason };
}

function refuseWhereWeCannotHelp(reason: string): void {
  if (process.env.DOCKER_HOST)
    throw problem(
      `the Docker Engine at DOCKER_HOST does not answer (${reason}): start it there, or unset DOCKER_HOST`,
    );
  if (/permission denied/i.test(reason))
    throw problem('this user may not use Docker: run "sudo usermod -aG docker $USER", then log in again');
  if (process.getuid?.() === 0 && (onPath("dockerd") || canInstall())) return;
  if (onPath("dockerd"))
    throw problem('Docker Engine is not running: start it with "sudo systemctl start docker"');
  if (onPath("apt-get"))
    throw problem('Docker Engine is missing: run "sudo apt-get update && sudo apt-get install -y docker.io"');
  throw problem(
    `Docker Engine does not answer (${reason}): install and start it, see https://docs.docker.com/engine/install/`,
  );
}

async function startEngine(context: Context): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    say("Docker Engine: starting it with systemctl");
    await output("systemctl", ["enable", "--now", "docker"]);
  } else {
    mkdirSync(context.cacheDirectory, { recursive: true });
    const log = join(context.cacheDirectory, "dockerd.log");
    say(`Docker Engine: starting dockerd in the background (no systemd here), log in ${log}`);
    const file = openSync(log, "a");
    spawn("dockerd", [], { detached: true, stdio: ["ignore", file, file] }).unref();
  }
  for (let second = 1; second <= 60; second++) {
    await sleep(1000);
    if ((await engineVersion()).version) return;
    if (second % 10 === 0) say(`  waiting for Docker Engine: ${second} s`);
  }
  throw problem(
    "Docker Engine did not answer within 60 s of its start: look into its log (dockerd.log or journalctl -u docker)",
  );
}

/** DOCKER_HOST for where docker's own context is elsewhere; nothing where it is known or usual. */
export async function dockerHost(): Promise<Environment> {
  if (process.env.DOCKER_HOST) return {};
  const { code, stdout } = await capture("docker", [
    "context",
    "inspect",
    "--format",
    "{{.Endpoints.docker.Host}}",
  ]);
  const host = stdout.trim();
  return code !== 0 || !host || host === usualSocket ? {} : { DOCKER_HOST: host };
}
