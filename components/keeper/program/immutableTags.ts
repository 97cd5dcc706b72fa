import { anyGlob, type Match } from "./glob";
import type { Settings } from "./settings";

/** Tags of a repository that nobody moves or takes. */
export function immutableTagsIn({ immutableTags = [] }: Settings, repository: string): Match {
  const about = immutableTags.filter(({ repositories }) => anyGlob(repositories)(repository));
  return anyGlob(about.flatMap(({ tags }) => tags));
}
