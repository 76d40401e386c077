#!/bin/bash
# The same file through other tools, in the same run: what a user would write with pandas, and
# fairlearn's MetricFrame. Prints the ratio of CPU seconds. Peers live in a folder that git ignores.
#   benches/peers.sh [ROWS]      (make bench-peers)
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-1000000}
peers=.cache/peers
if [[ ! -x $peers/bin/python ]]; then
  echo "installing pandas and fairlearn into $peers (about 250 MB)"
  python3 -m venv "$peers"
  "$peers/bin/pip" --quiet install pandas==2.3.3 fairlearn==0.13.0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
benches/make_people.py "$rows" > "$work/people.csv"

cpu() {  # cpu NAME COMMAND...: CPU seconds into $seconds
  local name=$1
  shift
  /usr/bin/time -o "$work/time" -f "%e %U %S %M" "$@" > "$work/log" 2>&1 || true
  read -r wall user system memory <<< "$(tail -1 "$work/time")"
  seconds=$(awk -v a="$user" -v b="$system" 'BEGIN{print a+b}')
  printf '%-66s %7.2f s wall %7.2f s CPU %5d MB\n' "$name" "$wall" "$seconds" $((memory / 1024))
}

echo "== $rows rows, 10 groups"
cpu "evenhand: every metric of decisions, with intervals and report" build/evenhand evaluate run \
  "$work/people.csv" --label label --decision decision --group "sex x race" --metric all --out "$work/out"
ours=$seconds
cpu "evenhand: the usual metrics, with scores (AUC, calibration, ...)" build/evenhand evaluate run \
  "$work/people.csv" --label label --decision decision --score score --group "sex x race" --out "$work/out"
cpu "pandas: groupby for three rates, no interval" "$peers/bin/python" benches/peer_groupby.py "$work/people.csv"
awk -v a="$seconds" -v b="$ours" 'BEGIN{printf "  ratio of CPU: %.1f\n", a/b}'
cpu "fairlearn MetricFrame: five metrics, no interval" "$peers/bin/python" benches/peer_fairlearn.py "$work/people.csv"
awk -v a="$seconds" -v b="$ours" 'BEGIN{printf "  ratio of CPU: %.1f (aim: 50)\n", a/b}'

# What a method holds on other rows than it was fitted to stands below its time.
echo "== $rows rows of ten numbers, four groups: equalized odds within .01, by fairlearn on logistic regression"
benches/make_features.py "$rows" 1 > "$work/train.csv"
benches/make_features.py $((rows / 4)) 2 > "$work/test.csv"
for method in plain reductions thresholds; do
  cpu "fairlearn: $method" "$peers/bin/python" benches/peer_reductions.py "$work/train.csv" "$work/test.csv" "$method"
  tail -1 "$work/log" | sed 's/^/  /'
done
