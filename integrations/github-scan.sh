# Scans, annotates, writes the summary, and leaves the verdict to the last step, so that the comment comes before it.
set -ufo pipefail

reports=$RUNNER_TEMP/shadowscan
longest=1000000 # bytes; GitHub drops a summary of more than a mebibyte
rm -rf "$reports" && mkdir -p "$reports"

options=(--select "$SELECT" --fail-on "$FAIL_ON" --db :memory: --quiet --no-color)
[ -z "$DIFF" ] || options+=(--diff "$DIFF")
[ -z "$POLICY" ] || options+=(--policy "$POLICY")
[ -z "$OWNERS" ] || options+=(--owners "$OWNERS")
[ -z "$BASELINE" ] || options+=(--baseline "$BASELINE")
# shellcheck disable=SC2206 # separated by spaces, as the input says
options+=($ARGS)
for name in sarif json markdown; do options+=(--format "$name=$reports/shadowscan.$name"); done

"$TOOL/bin/shadowscan" scan . "${options[@]}" --format github
code=$?

{
  echo "exit-code=$code"
  for name in sarif json markdown; do
    [ ! -f "$reports/shadowscan.$name" ] || echo "$name=$reports/shadowscan.$name"
  done
} >> "$GITHUB_OUTPUT"
[ ! -f "$reports/shadowscan.markdown" ] || head -c $longest "$reports/shadowscan.markdown" >> "$GITHUB_STEP_SUMMARY"
[ -f "$reports/shadowscan.markdown" ] || echo "::error title=shadowscan did not run::The log of this step says why."
exit 0
