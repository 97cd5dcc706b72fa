# Starts nginx with files that this very image accepts: those in use, else those staged last, else any. With another
# image the ones in use may name what it lacks, and those that were made for it come into use only when it answers.
#
# /tmp/serving is a link to the folder of files that nginx was started with, in the memory of its container. The key
# is that of the verdicts' names: new at each start, in the memory of the proxy alone.

(umask 077; head -c 32 /dev/urandom > /tmp/verdict.key) && cd /etc/private-registry || exit 1
for entry in current staged */; do
  folder=${entry%/}
  if nginx -t -q -c "/etc/private-registry/$folder/nginx.conf"; then
    if [ "$folder" != current ]; then
      # What is staged next is not for a server of before.
      [ ! -L "$folder" ] || folder=$(readlink "$folder")
      echo "nginx refuses the files in use, for the reason above, and starts with those of $folder" >&2
    fi
    ln -sfn "/etc/private-registry/$folder" /tmp/serving
    exec nginx -c /tmp/serving/nginx.conf
  fi
done
echo "nginx refuses all files that there are, for the reasons above" >&2
exit 1
