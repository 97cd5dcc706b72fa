/** Where a server finds the certificates that somebody else renews. */
export const certificatesPath = "/etc/private-registry-certificates";

/** Folder with the chain and the key that nginx reads: a link in the memory of the container. */
export const servedPath = "/tmp/certificate";

/**
 * Functions that take a certificate out of the volume: copied, looked at by nginx, and only then put in place, chain
 * and key in one step. nginx never reads the volume itself: what is wrong there can neither stop it nor its restart.
 */
const functions = `take() {
  new=${servedPath}.new
  rm -rf $new
  (umask 077 && mkdir $new && cp "${certificatesPath}/$1/chain.pem" "${certificatesPath}/$1/key.pem" $new/) || return 1
  temporary=
  for path in client_body proxy fastcgi uwsgi scgi; do temporary="$temporary \${path}_temp_path $new/$path;"; done
  cat > $new/nginx.conf <<END
pid $new/pid;
events {}
http {
  access_log off;
 $temporary
  server {
    listen unix:$new/socket ssl;
    ssl_certificate chain.pem;
    ssl_certificate_key key.pem;
  }
}
END
  nginx -e stderr -t -q -c $new/nginx.conf || return 1
  rm -rf "${servedPath}-$1"
  mv $new "${servedPath}-$1"
  ln -s "${servedPath}-$1" $new && mv -T $new ${servedPath}
}
newest() { readlink ${certificatesPath}/current; }`;

/** Shell command that takes the newest certificate that nginx accepts, before nginx starts. */
export const takeAny = `${functions}
take_any() {
  for name in "$(newest)" $(find ${certificatesPath} -mindepth 1 -maxdepth 1 -type d | sed 's|.*/||' | sort -r); do
    if take "$name"; then return 0; fi
  done
  echo "there is no certificate that nginx accepts" >&2
  return 1
}
take_any`;

/**
 * Shell command that takes up a new certificate while nginx runs. It is part of the health check, because Docker
 * runs that after every restart of anything, and nobody can stop it alone. One that nginx refuses is told of once.
 */
export const takeNewest = `${functions}
take_newest() {
  name=$(newest) || return 0
  served=$(readlink ${servedPath})
  if [ "$served" = "${servedPath}-$name" ] || [ -e "${servedPath}.refused-$name" ]; then return 0; fi
  if take "$name"; then
    kill -HUP 1
    rm -rf "$served"
  else
    : > "${servedPath}.refused-$name"
    echo "nginx refuses the certificate $name and goes on with its old one" > /proc/1/fd/2
  fi
}
take_newest`;
