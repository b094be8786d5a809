# Prints diff=BASE..HEAD of the event, or an empty one where the whole history is to be scanned, and fetches what is
# missing of it: actions/checkout leaves one commit, for a pull request the merge of it into its base.
set -euo pipefail

none=0000000000000000000000000000000000000000
head=$(git -c safe.directory='*' rev-parse HEAD)
shallow=$(git -c safe.directory='*' rev-parse --git-dir)/shallow

call() { git -c safe.directory='*' -c protocol.ext.allow=never "$@"; }

# The checkout's own credentials where it left them, else the token: two headers at once are refused.
fetch() {
  local header="http.$GITHUB_SERVER_URL/.extraheader"
  if [ -n "${TOKEN:-}" ] && ! call config --get-regexp '^http\..*\.extraheader$' > /dev/null; then
    local basic; basic=$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')
    echo "::add-mask::$basic" >&2
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=$header GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic" \
      call fetch --quiet --no-tags --no-recurse-submodules "$@"
  else
    call fetch --quiet --no-tags --no-recurse-submodules "$@"
  fi
}

is_here() { call cat-file -e "$1^{commit}" 2> /dev/null; }

# The range is here when BASE is, no commit of the range is one where the clone was cut off, and what was cut off behind
# BASE is older than all of the range: else BASE may have commits there that the range seems to add.
is_whole() {
  is_here "$base" || return 1
  [ -f "$shallow" ] || return 0
  local added cut
  added=$(call log --format='%H %ct' "$head" "^$base") || return 1
  [ -n "$added" ] || return 0
  ! grep -Ff "$shallow" <<< "$added" > /dev/null || return 1
  cut=$(call log --format='%H %ct' "$base" | grep -Ff "$shallow") || return 0
  [ "$(cut -d' ' -f2 <<< "$cut" | sort -n | tail -n 1)" -lt "$(cut -d' ' -f2 <<< "$added" | sort -rn | tail -n 1)" ]
}

find_base() {
  local parents; parents=$(call cat-file commit "$head" | sed -n '/^$/q; s/^parent //p')
  if [ -n "$INPUT_BASE" ]; then
    echo "$INPUT_BASE"
  elif [[ $GITHUB_REF == refs/pull/*/merge && $head == "$GITHUB_SHA" && $(wc -w <<< "$parents") -eq 2 ]]; then
    head -n 1 <<< "$parents" # the base that GitHub's merge was made with, which may be newer than the event's
  elif [ -n "$EVENT_BASE" ] && [ "$EVENT_BASE" != $none ]; then
    echo "$EVENT_BASE"
  elif [ -n "$EVENT_BASE" ] && [ "$GITHUB_REF" != "refs/heads/$DEFAULT_BRANCH" ]; then
    echo "$DEFAULT_BRANCH"  # the first push of a branch
  fi
}

base=$(find_base)
if [ -z "$base" ]; then
  echo "no base in this event: the whole history is scanned, which needs fetch-depth: 0" >&2
  echo "diff="
  exit 0
fi
if [[ $GITHUB_EVENT_NAME == pull_request_target && $head == "$EVENT_BASE" ]]; then
  echo "::error::pull_request_target checks out the base: nothing of the change is here. Use pull_request." >&2
  exit 2
fi

if [ -f "$shallow" ]; then
  is_whole || fetch --deepen="$((${COMMITS:-50} + 1))" origin "$head" || true
fi
if [[ ! $base =~ ^[0-9a-f]{40,64}$ ]] || ! is_here "$base"; then
  # A branch by name, or a commit that the head does not lead to, such as one before a forced push. A whole clone stays
  # whole: a depth would cut it there.
  depth=(); [ ! -f "$shallow" ] || depth=(--depth=1)
  if fetch ${depth[@]+"${depth[@]}"} origin "$base"; then base=$(call rev-parse FETCH_HEAD); fi
fi
for step in 50 200 1000; do
  is_whole && break
  fetch --deepen="$step" origin "$head" "$base" || break
done
is_whole || [ ! -f "$shallow" ] || fetch --unshallow origin "$head" "$base" || true
is_whole || echo "the range is not whole; the scan will say so" >&2
echo "diff=$base..$head"
