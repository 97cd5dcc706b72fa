# The proof of the install script: everything that a client does with the registry, once, by curl, with a tiny artifact
# that is removed again. It changes nothing on this machine.
#
# Needs `SCHEME`, `REGISTRY`, `ADDRESSES`, `USERNAME`, `PASSWORD`, `PROOF_USERNAME`, `PROOF_PASSWORD`, `repository`, and the functions of the
# certificate's part; sets `status`, `code`, `proven`.

# --- The proof: requests ---------------------------------------------------------------------------------------
. ./curl.sh

right() {
  say "right: $*"
}

# wrong FINDING REMEDY
wrong() {
  proven=no
  printf '%s: WRONG: %s\n%s:   do: %s\n' "$REGISTRY" "$1" "$REGISTRY" "$2" >&2
}

untried() {
  say "not tried: $*"
}

send_options() {
  option url "$2"
  option request "$1"
  case $3 in
    user) option user "$PROOF_USERNAME:$PROOF_PASSWORD" ;;
    stranger) option user "$PROOF_USERNAME:not-$(date +%s)-the-password" ;;
  esac
  [ -z "$4" ] || option data-binary "@$4"
  [ -z "$4" ] || option header "Content-Type: $5"
  option header "Accept: $MANIFEST"
  [ -z "$CA_CERTIFICATE" ] || option cacert "$scratch/ca.crt"
  [ -z "$CLIENT_CERTIFICATE" ] || option cert "$scratch/client.cert"
  [ -z "$CLIENT_CERTIFICATE" ] || option key "$scratch/client.key"
  option resolve "$resolve"
}

# send METHOD URL nobody|stranger|user [FILE TYPE]: $status is that of the answer, or 000 without one; $code is how curl
# ended; the answer is in $scratch/answer, its head in $scratch/head.
send() {
  : >"$scratch/answer"
  : >"$scratch/head"
  code=0
  status=$(send_options "$1" "$2" "$3" "${4-}" "${5-application/octet-stream}" |
    curl -q -sS -g --proto "=$SCHEME" --connect-timeout 10 --max-time 60 -K - -H Expect: \
      -D "$scratch/head" -o "$scratch/answer" -w '%{http_code}' 2>"$scratch/error") || code=$?
  [ "$code" -eq 0 ] || status=000
}

# refused DOING: says why the last request was, and what to do.
refused() {
  said=$(message_in "$scratch/answer" | head -n 1)
  said="$1: status $status${said:+, \"$said\"}"
  case $status in
    000) wrong "$1: $(error_of_curl)" "npm run status at the stack; a load balancer may have cut the connection" ;;
    401) wrong "$said" "the password may have changed: get the install script anew from the stack" ;;
    403) wrong "$said" "the sentence says who refuses: a rule of access, the expiry of the login, a full disk or a firewall; npm run status" ;;
    405) wrong "$said" "registry.readOnly of the stack may be true" ;;
    413) wrong "$said" "a load balancer in front limits the size of bodies: it must pass on any" ;;
    429) wrong "$said" "wait a moment, or raise limits of the stack" ;;
    502 | 503 | 504) wrong "$said" "the registry behind the proxy does not answer: npm run status, then npm run start" ;;
    5*) wrong "$said" "the registry cannot write: look at the disk with npm run status and df, and into the log of the registry's container" ;;
    *) wrong "$said" "check that $REGISTRY leads to the registry, with every path below /v2/" ;;
  esac
}

# --- The proof: the steps --------------------------------------------------------------------------------------
prove() {
  has curl || fail "no curl. Install it for the proof."
  [ -z "$CA_CERTIFICATE" ] || printf '%s\n' "$CA_CERTIFICATE" >"$scratch/ca.crt"
  [ -z "$CLIENT_CERTIFICATE" ] || printf '%s\n' "$CLIENT_CERTIFICATE" >"$scratch/client.cert"
  [ -z "$CLIENT_CERTIFICATE" ] || printf '%s\n' "$CLIENT_KEY" >"$scratch/client.key"
  proven=yes
  for address in $ADDRESSES; do
    if prove_address "$address" && prove_logins "$address"; then prove_images "$address"; fi
  done
  if [ "$proven" = no ]; then fail "not all is right: see above"; fi
  say "all is right"
}

prove_logins() {
  case $status in
    401) right "$1 asks for a login" ;;
    200) wrong "$1 answers without a login" "somebody else's server may answer there, or a load balancer add a login of its own" ;;
    *) refused "asking $1 without a login" ;;
  esac
  [ "$status" = 401 ] || return 1
  send GET "$SCHEME://$1/v2/" stranger
  if [ "$status" = 401 ]; then right "a wrong password is refused"; else refused "trying a wrong password"; fi
  send GET "$SCHEME://$1/v2/" user
  if [ "$status" = 200 ]; then right "$PROOF_USERNAME logs in"; else refused "logging in as $PROOF_USERNAME"; fi
  [ "$status" = 200 ]
}

prove_images() {
  base=$SCHEME://$1/v2/$repository
  make_artifact
  send DELETE "$base/manifests/$manifest_digest" user
  may_delete=$status
  case $status in 000 | 5*) refused "asking for an image that is not there" && return 0 ;; esac
  cp "$scratch/answer" "$scratch/refusal"
  push_blob "$scratch/layer" "$layer_digest" || return 0
  if [ "$may_delete" != 404 ]; then
    untried "the manifest, and to pull it: $PROOF_USERNAME could not delete it again ($(message_in "$scratch/refusal"))"
    return 0
  fi
  push_blob "$scratch/config" "$config_digest" || return 0
  send PUT "$base/manifests/$manifest_digest" user "$scratch/manifest" "$MANIFEST"
  if [ "$status" != 201 ]; then refused "pushing a manifest" && return 0; fi
  pushed=$base/manifests/$manifest_digest
  right "a tiny artifact is pushed to $repository"
  prove_pull
  send DELETE "$pushed" user
  if [ "$status" != 202 ]; then refused "deleting what was pushed" && return 0; fi
  send GET "$pushed" user
  if [ "$status" = 404 ]; then pushed="" && right "it is deleted again"; else refused "asking for what was deleted"; fi
}

prove_pull() {
  send GET "$pushed" user
  if [ "$status" != 200 ]; then refused "pulling the manifest" && return 0; fi
  cmp -s "$scratch/answer" "$scratch/manifest" ||
    wrong "the manifest comes back changed" "something on the way changes what it passes on: switch that off for /v2/"
  send GET "$base/blobs/$layer_digest" user
  if [ "$status" != 200 ]; then refused "pulling a layer" && return 0; fi
  if cmp -s "$scratch/answer" "$scratch/layer"; then
    right "it is pulled, with the digest that it was pushed with"
  else
    wrong "a layer comes back changed" "something on the way changes what it passes on: switch that off for /v2/"
  fi
}

# push_blob FILE DIGEST: as clients do: begin, send, end, each at the address that the answer before names.
push_blob() {
  send POST "$base/blobs/uploads/" user /dev/null
  if [ "$status" = 403 ] && message_in "$scratch/answer" | grep -q "may not push"; then
    untried "to push: $(message_in "$scratch/answer"). Name a repository in which $PROOF_USERNAME may, behind --prove"
    return 1
  fi
  [ "$status" = 202 ] || { refused "beginning an upload" && return 1; }
  follow_upload || return 1
  send PATCH "$upload" user "$1"
  [ "$status" = 202 ] || { refused "sending a layer to the address that the upload was given" && return 1; }
  follow_upload || return 1
  case $upload in *\?*) upload="$upload&digest=$2" ;; *) upload="$upload?digest=$2" ;; esac
  send PUT "$upload" user /dev/null
  [ "$status" = 201 ] || { refused "ending the upload of a layer" && return 1; }
  upload=""
}

# follow_upload: takes the address from the last answer. It must lead back here, by name, port and TLS.
follow_upload() {
  location=$(sed -n 's/^[Ll][Oo][Cc][Aa][Tt][Ii][Oo][Nn]: *//p' "$scratch/head" | tr -d '\r' | tail -n 1)
  origin=${base%"/v2/$repository"}
  case $location in
    /v2/*) upload=$origin$location ;;
    "$origin/v2/"*) upload=$location ;;
    *)
      case $location in */v2/*) upload=$origin/v2/${location#*/v2/} ;; esac
      wrong "an upload is sent to \"$location\", and not back to $origin" \
        "the load balancer changes the address: it must pass on the Host header with its port and leave Location as it is (nginx: proxy_set_header Host \$http_host; proxy_redirect off;)"
      return 1
      ;;
  esac
}

make_artifact() {
  printf 'of a proof, %s, %s\n' "$(date)" "$$" >"$scratch/layer"
  printf '{}' >"$scratch/config"
  layer_digest=$(digest_of "$scratch/layer") config_digest=$(digest_of "$scratch/config")
  printf '{"schemaVersion":2,"mediaType":"%s","artifactType":"application/vnd.private-registry.proof","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"%s","size":2},"layers":[{"mediaType":"text/plain","digest":"%s","size":%s}]}' \
    "$MANIFEST" "$config_digest" "$layer_digest" "$(wc -c <"$scratch/layer" | tr -d ' ')" >"$scratch/manifest"
  manifest_digest=$(digest_of "$scratch/manifest")
}

MANIFEST=application/vnd.oci.image.manifest.v1+json

digest_of() {
  if has sha256sum; then sum=$(sha256sum "$1"); else sum=$(openssl dgst -sha256 -r "$1"); fi
  printf 'sha256:%s\n' "${sum%% *}"
}

# clean_up_proof: what a proof that broke off has left in the registry.
clean_up_proof() {
  [ -z "$upload" ] || send DELETE "$upload" user
  [ -z "$pushed" ] || send DELETE "$pushed" user
}
