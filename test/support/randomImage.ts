import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output } from "../../tools/shell";

/** Builds an image of two layers of random data, 4 MB each if not told otherwise; with this host's Docker or another. */
export async function buildImage(image: string, dockerHost?: string, layerBytes = 4_000_000): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "private-registry-build-"));
  for (const file of ["a", "b"]) writeFileSync(join(folder, file), randomBytes(layerBytes));
  writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY a /a\nCOPY b /b\n");
  await output(["docker", "build", "--quiet", "--tag", image, folder], {
    env: { DOCKER_BUILDKIT: "0", ...(dockerHost !== undefined && { DOCKER_HOST: dockerHost }) },
  });
  rmSync(folder, { recursive: true });
}
