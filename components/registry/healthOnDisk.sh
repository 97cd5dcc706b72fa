# Health of a registry on a disk: the storage driver answers, the disk is the right one, and a push can be written.

. ./mark.sh
wget -q -O /dev/null http://127.0.0.1:5001/debug/health && echo writable > /var/lib/registry/.private-registry-health
