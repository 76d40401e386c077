#!/bin/bash
# Looks at a report in a headless browser: nothing on the console, nothing from outside, no finding of axe-core that is
# serious or critical, and nothing wider than a phone; in light and in dark.
#
#   tests/page/check.sh REPORT.html      exit status 0: fine; 1: a fault, named; 77: no browser or no axe-core here
set -euo pipefail
report=$(realpath "$1")
cd "$(dirname "$0")/../.."

absent() { echo "check.sh: $1; \`tools/setup browser\` installs it" >&2; exit 77; }
browser=$(command -v chromium chromium-browser google-chrome | head -n 1) || absent "no Chromium"
axe=.deps/axe/axe.min.js
[[ -f $axe ]] || absent "no axe-core"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Two pages to look at: the report with axe-core in it, and a phone's width of it in a frame.
python3 - "$report" "$axe" "$work" <<'PYTHON'
import html, re, sys
report, axe, work = sys.argv[1:]
text = open(report, encoding="utf-8").read()
asks = r"""(?:\b(?:href|src|srcset|action|data|poster)\s*=\s*["']?|url\(\s*["']?|@import\s+["']?)([^"'\s)>]+)"""
for link in re.findall(asks, re.sub(r"<svg.*?</svg>", "", text, flags=re.S)):
    if not link.startswith(("#", "data:")):
        sys.exit(f"check.sh: the page asks for something outside: {link}")
say = ("document.body.insertAdjacentHTML('beforeend', '<pre id=\"check' + 'ed\">' + "
       "%s.replace(/&/g, '&amp;').replace(/</g, '&lt;') + '</pre>')")
with open(f"{work}/axe.html", "w", encoding="utf-8") as out:
    out.write(text + "<script>" + open(axe, encoding="utf-8").read() + "</script><script>axe.run().then(r => "
              + say % ("JSON.stringify(r.violations.map(v => "
                       "[v.impact, v.id, v.help, v.nodes.length, v.nodes[0].html.slice(0, 200)]))")
              + ")</script>")
with open(f"{work}/phone.html", "w", encoding="utf-8") as out:
    out.write("<!doctype html><body><iframe width=360 height=800 style='border:0' "
              "onload=\"const d = this.contentDocument, e = [...d.querySelectorAll('body *')]"
              ".find(x => !x.closest('.scroll,svg,.skip') && x.getBoundingClientRect().right > 361);"
              + html.escape(say % "(e ? e.outerHTML.slice(0, 200) : 'fits')")
              + "\" srcdoc=\"" + html.escape(text) + "\"></iframe>")
PYTHON

# look PAGE [FLAG...]: what the scripts in it said; what the console said stands in $work/console.
look() {
  local page=$1; shift
  timeout 120 "$browser" --headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --user-data-dir="$work/profile" \
    --window-size=1100,1000 --virtual-time-budget=60000 --enable-logging=stderr --v=0 "$@" \
    --dump-dom "file://$work/$page" > "$work/dom" 2> "$work/log" ||
    { echo "check.sh: the browser failed:" >&2; tail -n 5 "$work/log" >&2; exit 1; }
  grep ':CONSOLE' "$work/log" > "$work/console" || true
  python3 -c 'import html, re, sys
said = re.search(r"<pre id=\"checked\">(.*?)</pre>", sys.stdin.read(), re.S)
print(html.unescape(said.group(1)) if said else "nothing")' < "$work/dom"
}

faults=0
fault() { echo "check.sh: $1" >&2; faults=1; }

for scheme in 1 0; do  # of Chromium: 0 dark, 1 light
  name=$([[ $scheme == 0 ]] && echo dark || echo light)
  found=$(look axe.html --blink-settings=preferredColorScheme=$scheme)
  [[ ! -s $work/console ]] || fault "$name: the console says: $(head -n 3 "$work/console")"
  python3 - "$name" "$found" <<'PYTHON' || fault "$name: axe-core found faults"
import json, sys
name, found = sys.argv[1:]
if found == "nothing":
    sys.exit(f"check.sh: {name}: axe-core gave no answer")
wrong = [v for v in json.loads(found) if v[0] in ("serious", "critical")]
for impact, rule, text, times, node in json.loads(found):
    print(f"{name}: {impact} {rule}: {text} ({times} times), first: {node}")
sys.exit(1 if wrong else 0)
PYTHON
done
width=$(look phone.html)
[[ $width == fits ]] || fault "wider than a phone: $width"
[[ $faults == 0 ]] && echo "check.sh: $report is fine"
exit $faults
