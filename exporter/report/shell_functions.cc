#include <array>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "report/commands.h"

namespace headroom::report::commands {
namespace {

struct Function {
  std::string_view name;
  std::string_view text;
};

// Each before those that it calls.
constexpr std::array kFunctions = {
    Function{"test_write", R"sh(test_write() { # test_write URL
  may_go || return 0
  { etcdctl --endpoints="$1" put etcd-headroom-test ok && etcdctl --endpoints="$1" del etcd-headroom-test; } || stop 'the write was refused'
}
)sh"},
    Function{"disarm", R"sh(disarm() { # disarm URL: for the whole cluster
  may_go && not_corrupt "$1" || return 0
  etcdctl --endpoints="$1" alarm disarm || stop 'not disarmed'
}
)sh"},
    Function{
        "not_corrupt",
        R"sh(not_corrupt() { # not_corrupt URL: whether the alarms can be read and CORRUPT is not armed
  if ! alarms=$(etcdctl --endpoints="$1" alarm list); then stop 'the alarms cannot be read'
  elif echo "$alarms" | grep CORRUPT; then stop 'CORRUPT is armed'
  else return 0; fi
  return 1
}
)sh"},
    Function{"has_room",
             R"sh(has_room() { # has_room URL LIMIT: whether the file is below LIMIT bytes
  size=$(number "$1" dbSize)
  if [ -z "$size" ]; then echo "$1 does not answer: skipped"
  elif [ "$size" -ge "$2" ]; then stop "$1 is full: $size bytes"
  else echo "$1 has room: $size bytes"; fi
}
)sh"},
    Function{
        "defragment",
        R"sh(defragment() { # defragment URL LIMIT [FOLDER]: if the file has LIMIT bytes or more, and less in use
  may_go || return 0
  size=$(number "$1" dbSize) in_use=$(number "$1" dbSizeInUse)
  if [ -z "$in_use" ]; then echo "$1 does not answer: skipped"
  elif [ "$size" -lt "$2" ]; then echo "$1 has room: not defragmented"
  elif [ "$in_use" -ge "$2" ]; then stop "$1 still has $in_use bytes in use: a defragmentation would not help"
  elif [ -n "${3-}" ] && ! has_space "$3" "$in_use"; then stop "$3 has no room for a copy of $in_use bytes"
  elif ! etcdctl --endpoints="$1" --command-timeout=10m defrag; then stop "wait until $1 answers again"; fi
}
)sh"},
    Function{"settle",
             R"sh(settle() { # settle URL...: waits until in-use has stopped falling on each member
  for member in "$@"; do
    before=''
    while now=$(number "$member" dbSizeInUse) && [ -n "$now" ]; do
      if [ -n "$before" ] && [ "$now" -ge "$before" ]; then break; fi
      echo "$member: $now bytes in use"
      before=$now && sleep 30
    done
    [ -n "$now" ] || echo "$member does not answer: skipped"
  done
}
)sh"},
    Function{"compact", R"sh(compact() { # compact URL: up to the revision of this moment
  may_go || return 0
  revision=$(number "$1" revision)
  if [ -z "$revision" ]; then stop "$1 does not answer"
  elif ! said=$(etcdctl --endpoints="$1" --command-timeout=10m compact "$revision" --physical 2>&1); then
    case $said in *'has been compacted'*) ;; *) stop "$said" ;; esac
  else echo "$said"; fi
}
)sh"},
    Function{
        "delete_below",
        R"sh(delete_below() { # delete_below URL PREFIX: in pieces, so that no other request waits long
  may_go || return 0
  while true; do
    found=$(etcdctl --endpoints="$1" get --prefix "$2" --keys-only --limit=501) || { stop 'the keys cannot be read'; break; }
    keys=$(echo "$found" | grep .) || break
    first=$(echo "$keys" | head -n 1) beyond=$(echo "$keys" | sed -n 501p)
    if [ -n "$beyond" ]; then etcdctl --endpoints="$1" del "$first" "$beyond" || { stop 'a delete failed'; break; }
    else etcdctl --endpoints="$1" del --prefix "$2" || stop 'a delete failed'; break; fi
  done
}
)sh"},
    Function{"save_snapshot", R"sh(save_snapshot() { # save_snapshot URL: to $SNAPSHOT
  may_go || return 0
  size=$(number "$1" dbSize)
  if [ -z "$size" ]; then stop "$1 does not answer"
  elif ! has_space "$(dirname "$SNAPSHOT")" $((size + 1073741824)); then stop "$(dirname "$SNAPSHOT") has no room for a snapshot of $size bytes and 1 GiB besides"
  elif ! etcdctl --endpoints="$1" --command-timeout=10m snapshot save "$SNAPSHOT"; then stop 'no snapshot'; fi
}
)sh"},
    Function{"has_space", R"sh(has_space() { # has_space FOLDER BYTES
  [ "$(df -Pk "$1" | tail -n 1 | tr -s ' ' | cut -d ' ' -f 4)" -gt $(($2 / 1024)) ]
}
)sh"},
    Function{"number",
             R"sh(number() { # number URL FIELD: of the member's status; empty if it does not answer
  etcdctl --endpoints="$1" endpoint status --write-out=json 2>/dev/null | grep -o "\"$2\":[0-9]*" | head -n 1 | cut -d: -f2
}
)sh"},
    Function{"may_go",
             R"sh(may_go() { [ -n "$go" ] || { echo 'STOP: a step before is not done' && false; }; }
)sh"},
    Function{"by_hand", R"sh(by_hand() { go='' && echo "Do this by hand: $*. Then type: go=yes"; }
)sh"},
    Function{"stop", R"sh(stop() { go='' && echo "STOP: $*. To go on all the same: go=yes"; }
)sh"},
};

}  // namespace

std::string FunctionsFor(std::string commands) {
  std::string functions;
  for (const Function& function : kFunctions) {
    if (commands.find(absl::StrCat(std::string(function.name), " ")) == std::string::npos) continue;
    functions.insert(0, function.text);
    commands += function.text;
  }
  return "go=yes\n" + functions;
}

}  // namespace headroom::report::commands
