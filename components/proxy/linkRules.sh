# Links the image's Core Rule Set into the folder of the files, and says what the image lacks: nginx would name a file
# alone.
#
# Needs GENERATION_PATH, MODULES_PATH and RULE_SET_LINK.

set -eu
lacking() {
  echo "the image of the proxy has no $1: the front waf needs an nginx with its scripting module, ModSecurity and the OWASP Core Rule Set, see docs/waf.md of the package private-registry" >&2
  exit 1
}
for module in js modsecurity; do
  [ -e "$MODULES_PATH/ngx_http_${module}_module.so" ] || lacking "ngx_http_${module}_module.so"
done
# Debian's package, OWASP's image, and the same for a read-only root.
for rules in /usr/share/modsecurity-crs /opt/owasp-crs /usr/local/bootstrap/owasp-crs; do
  [ ! -e "$rules/rules/REQUEST-901-INITIALIZATION.conf" ] || ln -sfn "$rules" "$GENERATION_PATH/$RULE_SET_LINK"
done
[ -e "$GENERATION_PATH/$RULE_SET_LINK" ] || lacking "Core Rule Set"
