import { pageFolder } from "../page/pageFiles";
import { apiAnswer } from "./apiAnswer";
import { type Entrance, outsideApiAnswer } from "./entrance";
import type { Feature } from "./feature";

/** Where the page for people is, and what it can tell. */
export interface PageSettings {
  /** Names of its files. */
  readonly files: readonly string[];
  /** Folder of the proxy's own files. */
  readonly folder: string;
  readonly hasKeeper: boolean;
  /** Path of the certificate that is served. Defaults to none. */
  readonly certificate?: string;
}

/** The page runs what is its own, asks nobody but us, and stands in no other page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const headers = `      add_header Content-Security-Policy "${policy}" always;
      add_header X-Content-Type-Options nosniff always;
      add_header Referrer-Policy no-referrer always;
      add_header Cross-Origin-Opener-Policy same-origin always;
      add_header Cross-Origin-Resource-Policy same-origin always;
      add_header Cache-Control no-store always;
      add_header Last-Modified "";
      etag off;
      max_ranges 0;
      if_modified_since off;`;

const types: { readonly [ending: string]: string } = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
};

/**
 * A page for people, behind the login of everything else. A browser that has logged in sends that login for every site
 * that asks it to, so that what writes must come from the page itself, and so must whatever asks the keeper. Programs
 * send neither of the two headers.
 */
export function page(settings: PageSettings, { guard }: Entrance): Feature {
  return { http: tables(settings.files), server: refusal, locations: locations(settings, guard) };
}

function tables(files: readonly string[]): string {
  return `
  map "$http_sec_fetch_site $http_origin $http_host" $asked_elsewhere {
    default 1;
    "~^(?:same-origin|none) " 0;
    "~^  " 0;
    "~^ https://(?<asking_host>[^ ]+) \\k<asking_host>$" 0;
  }
  map "$asked_elsewhere $request_method $uri" $foreign {
    default 0;
    "~^1 (?:[^ ]+ /_keeper/|(?!(?:GET|HEAD|OPTIONS) ))" 1;
  }
  map $uri $page_file {
    default "";
    / index.html;
${files.map((name) => `    /_page/${name} ${name};\n`).join("")}  }
`;
}

const refusal = `
    if ($foreign) {
      ${apiAnswer(403, "DENIED", "a page of another site may not do this with your login")}
    }
`;

function locations({ folder, hasKeeper, certificate }: PageSettings, guard: string): string {
  const about = { user: "$remote_user", keeper: hasKeeper, certificate: certificate !== undefined };
  return `
    location = / {
${guard}
      try_files /nothing @page;
    }

    location /_page/ {
${guard}
      try_files /nothing @page;
    }

    location @page {
      root ${folder}/${pageFolder};
      types {
${Object.entries(types)
  .map(([ending, type]) => `        "${type}" ${ending};\n`)
  .join("")}      }
${headers}
      try_files /$page_file @no_page;
    }

    location @no_page {
      ${outsideApiAnswer}
    }

    location = /_page/about {
${guard}
      try_files /nothing @about;
    }

    location @about {
${headers}
      return 200 '${JSON.stringify(about)}';
    }
${certificate === undefined ? "" : certificateLocations(certificate, guard)}`;
}

/** Whoever connects gets the same by TLS, but not a script in a browser. */
function certificateLocations(path: string, guard: string): string {
  const place = path.lastIndexOf("/");
  return `
    location = /_page/certificate {
${guard}
      try_files /nothing @certificate;
    }

    location @certificate {
      root ${path.slice(0, place)};
      types {}
      default_type text/plain;
${headers}
      try_files ${path.slice(place)} @no_page;
    }
`;
}
