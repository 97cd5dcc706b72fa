# Has nginx check files that are not in use: its own message says what it refuses.
#
# Needs CONFIG, the path of its configuration.

nginx -t -q -c "$CONFIG"
