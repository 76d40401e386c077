#!/bin/bash
# The whole job, with the bounds it is meant to keep; prints figures, judges nothing.
#   benches/run.sh            (make bench)   EVENHAND_BENCH_ROWS: rows of the streamed table, 10^8
set -euo pipefail
cd "$(dirname "$0")/.."
program=build/evenhand
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timed() {  # timed WHAT BOUND COMMAND...: best of three walls, with that run's CPU and memory
  local what=$1 bound=$2 best=""
  shift 2
  for _ in 1 2 3; do
    /usr/bin/time -o "$work/time" -f "%e %U %S %M" "$@" > /dev/null 2> "$work/err" || true
    local now
    now=$(tail -1 "$work/time")
    if [[ -z $best ]] || awk -v a="${now%% *}" -v b="${best%% *}" 'BEGIN{exit !(a<b)}'; then best=$now; fi
  done
  read -r wall user system memory <<< "$best"
  printf '%-58s %6.2f s wall  %6.2f s CPU  %5d MB   (meant: %s)\n' "$what" "$wall" \
    "$(awk -v a="$user" -v b="$system" 'BEGIN{print a+b}')" $((memory / 1024)) "$bound"
}

echo "== the whole job"
benches/make_people.py 1000000 > "$work/people.csv"
judged=(--label label --decision decision --group "sex x race" --seed 1)
timed "evenhand --version" "< 0.03 s" "$program" --version
timed "1e6 rows of CSV, 10 groups, every metric, to a report" "< 1 s, < 200 MB" \
  "$program" evaluate run "$work/people.csv" "${judged[@]}" --metric all --out "$work/out"
timed "the usual ones with scores: AUC, calibration, distances" "< 1 s, < 200 MB" \
  "$program" evaluate run "$work/people.csv" "${judged[@]}" --score score --out "$work/out"
rows=${EVENHAND_BENCH_ROWS:-100000000}
for n in $((rows / 10)) "$rows"; do  # memory must not grow with the rows
  benches/make_people.py "$n" | /usr/bin/time -o "$work/time" -f "%e %U %S %M" \
    "$program" evaluate run - "${judged[@]}" --out "$work/out" > /dev/null 2> "$work/err" || true
  read -r wall user system memory <<< "$(tail -1 "$work/time")"
  printf '%-58s %6.2f s wall  %6.2f s CPU  %5d MB   (meant: flat memory)\n' "$n rows streamed through a pipe" \
    "$wall" "$(awk -v a="$user" -v b="$system" 'BEGIN{print a+b}')" $((memory / 1024))
done
