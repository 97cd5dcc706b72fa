# Part of the health check: nginx that started with other files takes up those in use as soon as it accepts them. From
# then on it follows them, and until then the container is unhealthy.

if [ "$(readlink /tmp/serving)" != /etc/private-registry/current ]; then
  nginx -t -q -c /etc/private-registry/current/nginx.conf || exit 1
  ln -sfn /etc/private-registry/current /tmp/serving && kill -HUP 1
fi
