# Health of a registry in a cluster: it answers, whether its object store does or not. Docker would end every registry of
# all nodes for that, and none of them would answer with a reason.

wget -q -O /dev/null http://127.0.0.1:5001/debug/vars
