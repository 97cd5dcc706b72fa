import { diskFlag, flagsFolder, quotaFlag } from "../../keeper/program/flags";
import { fileAnswer } from "./apiAnswer";
import type { Feature } from "./feature";

/** Where the proxy looks for what the keeper says of the disk and of quotas. */
export interface RoomSettings {
  /** Folder of the control volume. */
  readonly controlPath: string;
  readonly diskGuard: boolean;
  /** The repositories of each quota. */
  readonly quotas: readonly { readonly repositories: readonly string[] }[];
}

/** A flag: its file, and the expression for the repositories that it is about. */
interface Flag {
  readonly name: string;
  readonly repositories: string;
}

/**
 * A push does not begin while the keeper says that there is no room for it, and the answer says why. Only what begins an
 * upload is refused, after the login; what has begun goes on, and so does a mount, which takes no room: should there be
 * nothing to mount, the registry begins an upload all the same. Neither what is pushed nor what is pulled asks for more
 * than one look at whether a file is there.
 *
 * @param guard Begins each location that clients reach.
 */
export function room(settings: RoomSettings, guard: string): Feature {
  const flags = flagsOf(settings);
  const folder = `${settings.controlPath}/${flagsFolder}`;
  if (flags.length === 0) return {};
  return {
    http: `
  # In the questions that the proxy asks itself, the first is another. What is refused anyway is refused for that.
${flags.map((flag) => flagOf(flag, folder)).join("")}`,
    server: `
${flags.map(lookFor).join("")}`,
    locations: `
    location ~ "^/_no_room/(?<flag>[a-z0-9-]+)$" {
      internal;
${guard}
      try_files /nothing @no_room;
    }

    location @no_room {
      error_page 403 /_flag/$flag;
      return 403;
    }

    location ~ "^/_flag/(?<flag_file>[a-z0-9-]+)$" {
      internal;
      ${fileAnswer(`${folder}/$flag_file`)}
    }
`,
  };
}

function flagsOf({ diskGuard, quotas }: RoomSettings): Flag[] {
  const ofDisk = diskGuard ? [{ name: diskFlag, repositories: ".+" }] : [];
  const ofQuotas = quotas.map(({ repositories }, index) => ({
    name: quotaFlag(index),
    repositories: repositories.map(expression).join("|"),
  }));
  return [...ofDisk, ...ofQuotas];
}

/** A pattern of repositories as PCRE writes it: of its characters only dots and stars mean something there. */
function expression(pattern: string): string {
  return pattern.replace(/\*+|\./g, (piece) => (piece === "." ? "\\." : piece === "*" ? "[^/]*" : ".*"));
}

function flagOf({ name, repositories }: Flag, folder: string): string {
  return `  map "$refused $uri $request_method $start_mount $start_from" $${variableOf(name)} {
    volatile;
    default "";
    "~^0 /v2/(?:${repositories})/blobs/uploads/ POST (?:[^ ]* | [^ ]+)$" ${folder}/${name};
  }
`;
}

function lookFor({ name }: Flag): string {
  return `    if (-f $${variableOf(name)}) {
      rewrite ^ /_no_room/${name} last;
    }
`;
}

function variableOf(name: string): string {
  return `flag_of_${name.replace("-", "_")}`;
}
