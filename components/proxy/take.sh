# Functions that take a certificate out of the volume: copied, looked at by nginx, and only then put in place, chain
# and key in one step. nginx never reads the volume itself: what is wrong there can neither stop it nor its restart.

take() {
  new=/tmp/certificate.new
  rm -rf $new
  (umask 077 && mkdir $new && cp "/etc/private-registry-certificates/$1/chain.pem" "/etc/private-registry-certificates/$1/key.pem" $new/) || return 1
  temporary=
  for path in client_body proxy fastcgi uwsgi scgi; do temporary="$temporary ${path}_temp_path $new/$path;"; done
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
  rm -rf "/tmp/certificate-$1"
  mv $new "/tmp/certificate-$1"
  ln -s "/tmp/certificate-$1" $new && mv -T $new /tmp/certificate
}
newest() { readlink /etc/private-registry-certificates/current; }
