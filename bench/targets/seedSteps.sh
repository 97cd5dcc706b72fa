#!/bin/sh
# The steps of seed 002 by hand, in its order: authority and certificate, users, registry, nginx, first answer.
# Usage: seedSteps.sh FOLDER NGINX_CONF REGISTRY_IMAGE REGISTRY_YAML NGINX_IMAGE PORT NAME
set -eu
folder=$1 conf=$2 registry_image=$3 registry_yaml=$4 nginx_image=$5 port=$6 name=$7
label=private-registry.bench=true
mkdir -p "$folder/data"
cp "$conf" "$folder/nginx.conf"
cd "$folder"
openssl req -newkey rsa:4096 -nodes -sha256 -keyout ca.key -x509 -days 365 -out ca.crt -subj /CN=ca 2> /dev/null
openssl req -newkey rsa:4096 -nodes -sha256 -keyout server.key -out server.csr -subj /CN=localhost 2> /dev/null
echo subjectAltName = IP:127.0.0.1 > extfile.cnf
openssl x509 -req -days 365 -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile extfile.cnf \
  -out server.crt 2> /dev/null
htpasswd -Bbn testuser testpassword > users
mv users htpasswd
docker run -d --label "$label" --name "$name-registry" -v "$folder/data:/var/lib/registry" \
  -v "$registry_yaml:/config.yml:ro" -e OTEL_TRACES_EXPORTER=none "$registry_image" serve /config.yml > /dev/null
address=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$name-registry")
docker run -d --label "$label" --name "$name-nginx" --add-host "registry:$address" -v "$folder:/seed:ro" \
  -p "127.0.0.1:$port:443" --entrypoint nginx "$nginx_image" -c /seed/nginx.conf -g 'daemon off;' > /dev/null
tries=0
until curl -fsS -o /dev/null --cacert ca.crt -u testuser:testpassword "https://127.0.0.1:$port/v2/" 2> /dev/null; do
  tries=$((tries + 1))
  [ "$tries" -lt 200 ] || exit 1
  sleep 0.1
done
