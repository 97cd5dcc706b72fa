const argument =
  "(?:digest|mount|from|n|last|_state|artifactType|ns)=(?:[A-Za-z0-9._~:/+,=@-]|%[0-9A-Fa-f]{2})*";

/**
 * nginx decodes and matches paths and queries differently from the registry: what the two might read
 * differently is refused before authorisation. Known keys are asked for before repeated ones: the search for
 * those takes the square of the number of keys.
 *
 * Maps of the http block: `$refused`, the checked arguments of an upload's start, `$obsolete_client`. */
export const requestChecks = `
  map $request_uri $path_refused {
    default 1;
    "~^/(\\?|$)" 0;
    "~^(/(?!\\.{1,2}(/|\\?|$))[A-Za-z0-9._:+-]+)+/?(\\?|$)" 0;
  }
  map $args $query_refused {
    default 1;
    "" 0;
    "~^(?=${argument}(?:&${argument})*$)(?!(?:.*&)?(\\w+)=.*&\\1=)" 0;
  }
  map $path_refused$query_refused $refused {
    default 1;
    00 0;
  }
  map $arg_mount $mount_argument {
    "~^(?<mount>[A-Za-z0-9+._-]+(:|%3[Aa])[0-9a-f]{32,128})$" "mount=$mount";
  }
  map $arg_from $from_argument {
    "~^(?<from>([a-z0-9._/-]|%2[Ff])+)$" "&from=$from";
  }
  map $arg_digest $digest_argument {
    "~^(?<digest>[A-Za-z0-9+._-]+(:|%3[Aa])[0-9a-f]{32,128})$" "&digest=$digest";
  }
  # Docker up to 1.5 speaks another protocol.
  map $http_user_agent $obsolete_client {
    default 0;
    "~^(docker/1\\.(3|4|5(?!\\.[0-9]-dev))|Go )" 1;
  }
`;
