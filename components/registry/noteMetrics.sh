# Part of the health check: puts the registry's own figures where the proxy finds them, and says nothing of a failure.

if wget -q -O /run/private-registry/metrics.new http://127.0.0.1:5001/metrics; then
  mv -f /run/private-registry/metrics.new /run/private-registry/metrics.prom
fi || true
