import { capture, type Environment } from "./process";

/** Sizes of volumes, as far as Docker knows them within five seconds: it may have to walk through all data. */
export async function volumeSizes(environment: Environment): Promise<Map<string, string>> {
  const args = ["system", "df", "--verbose", "--format", "{{range .Volumes}}{{.Name}} {{.Size}}\n{{end}}"];
  const { code, stdout } = await capture("docker", args, { environment, timeoutSeconds: 5 });
  const lines = code === 0 ? stdout.trim().split("\n") : [];
  return new Map(
    lines.map((line): [string, string] => {
      const [name = "", size = ""] = line.trim().split(" ", 2);
      return [name, size];
    }),
  );
}
