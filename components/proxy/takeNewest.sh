# While nginx runs: takes up a new certificate. One that nginx refuses is told of once.

. ./take.sh
take_newest() {
  name=$(newest) || return 0
  served=$(readlink /tmp/certificate)
  if [ "$served" = "/tmp/certificate-$name" ] || [ -e "/tmp/certificate.refused-$name" ]; then return 0; fi
  if take "$name"; then
    kill -HUP 1
    rm -rf "$served"
  else
    : > "/tmp/certificate.refused-$name"
    echo "nginx refuses the certificate $name and goes on with its old one" > /proc/1/fd/2
  fi
}
take_newest
