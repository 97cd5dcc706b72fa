# Part of the health check: adds up the lines that nginx has written of its requests since the last time, and gives back
# the memory that they took. nginx itself would have to run a script for each request.
#
# The totals are lines: action, status, how the login ended, upper end of the class of time, and how many; `bytes` and
# `time` (milliseconds) of an action; and up to where the lines are in them. A line that is half written waits.

lines=/tmp/counts.log
totals=/tmp/counts.totals
add_up() {
  [ -e "$totals" ] || echo "offset 0" > "$totals"
  begin=$(sed -n 's/^offset //p' "$totals")
  size=$(stat -c %s "$lines") || return
  # Somebody has emptied it.
  [ "$size" -ge "$begin" ] || begin=0
  [ "$size" -gt "$begin" ] || return 0
  tail -c +$((begin + 1)) "$lines" | head -c $((size - begin)) |
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
      # Many are the same, and each is taken apart once.
      before { lines[last]++ }
      { last = $0; before = 1; read += length($0) + 1 }
      END {
        if (before && read > size) read -= length(last) + 1
        else if (before) lines[last]++
        for (line in lines) take(line, lines[line])
        for (key in sum) printf "%s %.0f\n", key, sum[key]
        printf "offset %.0f\n", begin + read
      }
    ' known=1 "$totals" known=0 - > "$totals.new" && mv "$totals.new" "$totals"
  # Where that cannot be, the file begins anew now and then.
  fallocate -p -o 0 -l "$size" "$lines" 2> /dev/null || [ "$size" -lt 8388608 ] || : > "$lines"
}
add_up
