# Part of the health check: adds up the lines that nginx has written of its requests since the last time, and gives back
# the memory that they took. nginx itself would have to run a script for each request.
#
# The totals are lines: up to where the lines are in them; then action, status, how the login ended, upper end of the class
# of time, and how many; and `bytes` and `time` (milliseconds) of an action. A line that is half written waits. As this runs
# every few seconds, it begins as few programs as it can.

lines=/tmp/counts.log
totals=/tmp/counts.totals
add_up() {
  [ -e "$totals" ] || echo "offset 0" > "$totals"
  read -r _ begin < "$totals"
  size=$(stat -c %s "$lines") || return
  # Somebody has emptied it.
  [ "$size" -ge "$begin" ] || begin=0
  [ "$size" -gt "$begin" ] || return 0
  tail -c +$((begin + 1)) "$lines" |
    awk -v size=$((size - begin)) -v begin="$begin" '
      function take(line, count, field, class) {
        split(line, field, " ")
        class = "+Inf"
        if (field[4] <= 600) class = "600"
        if (field[4] <= 60) class = "60"
        if (field[4] <= 10) class = "10"
        if (field[4] <= 1) class = "1"
        if (field[4] <= 0.1) class = "0.1"
        if (field[4] <= 0.01) class = "0.01"
        sum[field[1] " " field[2] " " field[3] " " class] += count
        if (field[5] > 0) sum["bytes " field[1]] += field[5] * count
        if (field[4] > 0) sum["time " field[1]] += field[4] * 1000 * count
      }
      known { if ($1 != "offset") sum[substr($0, 1, length($0) - length($NF) - 1)] = $NF; next }
      read + length($0) + 1 > size { exit }
      # Many are the same, and each is taken apart once.
      { lines[$0]++; read += length($0) + 1 }
      END {
        for (line in lines) take(line, lines[line])
        printf "offset %.0f\n", begin + read
        for (key in sum) printf "%s %.0f\n", key, sum[key]
      }
    ' known=1 "$totals" known=0 - > "$totals.new" && mv "$totals.new" "$totals"
  # A megabyte at a time, up to what was added up before. Where that cannot be, the file begins anew now and then.
  [ $((size >> 20)) -eq $((begin >> 20)) ] || fallocate -p -o 0 -l "$begin" "$lines" 2> /dev/null ||
    [ "$size" -lt 8388608 ] || : > "$lines"
}
add_up
