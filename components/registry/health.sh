# Health of a registry in an object store: the storage driver answers.

wget -q -O /dev/null http://127.0.0.1:5001/debug/health
