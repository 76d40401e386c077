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

# What a method holds on other rows than it was fitted to stands below its time. fairlearn bounds a group against
# everybody: .01 there is .02 between two groups.
held_out() {  # held_out TABLE DECISION: accuracy and equalized odds gap of its decisions
  build/evenhand evaluate run "$1" --label label --decision "$2" --group group --metric accuracy \
    --metric equalized_odds_difference --out "$work/judged" --json > "$work/judged.json" || true
  python3 - "$work/judged.json" <<'PYTHON'
import json, sys
found = json.load(open(sys.argv[1]))["findings"]
accuracy = next(f["value"] for f in found if f["metric"] == "accuracy" and not f["by"])
gap = next(f["value"] for f in found if f["metric"] == "equalized_odds_difference")
print(f"  held out: accuracy {accuracy:.4f}, equalized odds gap {gap:.4f}")
PYTHON
}
declare -A ours_of=()
echo "== $rows rows of ten numbers, four groups: equalized odds within .02 between groups, by logistic regression"
benches/make_features.py "$rows" 1 > "$work/train.csv"
benches/make_features.py $((rows / 4)) 2 > "$work/test.csv"
for method in plain reductions; do
  more=()
  [[ $method == plain ]] || more=(--over both --eps 0.02)
  cpu "evenhand: $method, from CSV to a model" build/evenhand train fit "$work/train.csv" --label label --group group \
    --method "$method" "${more[@]}" --out "$work/$method"
  ours_of[$method]=$seconds
  build/evenhand train predict "$work/test.csv" --model "$work/$method" --decide --out "$work/$method.csv" > /dev/null
  held_out "$work/$method.csv" decision
done
build/evenhand train predict "$work/train.csv" --model "$work/plain" --as-new --out "$work/scored.csv" > /dev/null
cpu "evenhand: thresholds, from scores in CSV to a policy" build/evenhand adjust fit "$work/scored.csv" --label label \
  --group group --equalise odds --tolerance 0 --folds 0 --group-aware --basis "a bench" --signatory "nobody" \
  --out "$work/policy"
ours_of[thresholds]=$(awk -v a="${ours_of[plain]}" -v b="$seconds" 'BEGIN{print a+b}')
build/evenhand adjust apply "$work/plain.csv" --policy "$work/policy" --decision decided --out "$work/decided.csv" \
  > /dev/null
held_out "$work/decided.csv" decided
for method in plain reductions thresholds; do
  cpu "fairlearn: $method" "$peers/bin/python" benches/peer_reductions.py "$work/train.csv" "$work/test.csv" "$method"
  tail -1 "$work/log" | sed 's/^/  /'
  awk -v a="$seconds" -v b="${ours_of[$method]}" 'BEGIN{printf "  ratio of CPU, all in: %.1f\n", a/b}'
done
