# The nodes one-shot, on the manager: counts the nodes that can take tasks before anything is changed. Docker would try for
# minutes, and not say what it lacks.
#
# Needs NODES, how many there shall be.

set -eu
ask() { curl -s --unix-socket /var/run/docker.sock "http://docker/$1"; }
if ! command -v curl > /dev/null || [ ! -S /var/run/docker.sock ]; then
  echo "warning: nodes: how many nodes there are is not known, as the image of the proxy has no curl, or Docker no socket at /var/run/docker.sock"
  exit 0
fi
answer=$(ask nodes)
case $answer in
  '['*) ;;
  *)
    echo "the Docker host of the provider cannot tell of nodes: take a manager of the swarm, or make it one with docker swarm init. It says: $answer" >&2
    exit 1
    ;;
esac
# One line for each node: whether it can take tasks, and its name.
nodes=$(printf %s "$answer" | awk -v RS='{"ID":"' '
  function field(name, rest) {
    if (!match($0, "\"" name "\":\"[^\"]*\"")) return ""
    rest = substr($0, RSTART, RLENGTH)
    sub("^\"" name "\":\"", "", rest)
    sub("\"$", "", rest)
    return rest
  }
  NR > 1 {
    state = field("State"); availability = field("Availability")
    print (state == "ready" && availability == "active" ? "can" : "cannot"), field("Hostname"), "is", state ", " availability
  }
')
able=$(printf '%s\n' "$nodes" | grep -c '^can ' || true)
if [ "$able" -lt "$NODES" ]; then
  others=$(printf '%s\n' "$nodes" | sed -n 's/^cannot //p' | tr '\n' ';' | sed 's/;$//')
  echo "nodes is $NODES, and Swarm has $able that can take tasks${others:+ ($others)}: bring the others back or join more, or set nodes to $able" >&2
  exit 1
fi
