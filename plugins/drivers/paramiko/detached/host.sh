# Programs that outlive their session, on the host's side: one POSIX shell program with subcommands. The driver gives the text to `sh`
# with the subcommand and its arguments; nothing is installed on the host. It needs /proc, mkfifo, dd, head and tail; setsid if there is one.
#
# Each program has a folder of its own (mode 0700); making it is what lets a start happen once:
#   started     when it was started
#   starter     process, start time, process group and boot: who takes the work from the connection
#   work        shell text that becomes the program; script: the script, if it is one
#   supervisor  like starter: who waits for the program and keeps its log
#   program     like starter: the program
#   log.N       the output, in pieces: N is 10^15 and the offset of the first byte, so that names sort as numbers
#   status      exit status and time of the end; renamed into place, so that it is whole or not there

base() {
  if [ -n "$HOME" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; then
    root=${XDG_STATE_HOME:-$HOME/.local/state}/netpulse
  else
    root=/var/tmp/netpulse-$(id -u)
  fi
  mkdir -p -m 700 "$root" 2>/dev/null
  # Where all may write, somebody else's folder of this name is not trusted.
  if [ -L "$root" ] || [ ! -O "$root" ] || [ ! -w "$root" ]; then
    echo "$root is not a folder of this user" >&2
    exit 70
  fi
  d=$root/$1
}

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

boot() { cat /proc/sys/kernel/random/boot_id 2>/dev/null || echo -; }

moment() { sleep 0.05 2>/dev/null || sleep 1; }

# Start time and process group of process $1: fields 22 and 5 of its stat, whose second may have blanks and parentheses.
process() {
  read -r stat 2>/dev/null < "/proc/$1/stat" || return 1
  set -- ${stat##*) }
  [ "$1" != Z ] && [ "$1" != X ] || return 1
  group=$3
  shift 19
  begun=$1
}

remember() {
  process "$2" || return 1
  echo "$2 $begun $group $(boot)" > "$1.new" && mv "$1.new" "$1"
}

# Whether the process that file $1 remembers still runs: the same number, start time and boot.
runs() {
  [ -r "$1" ] && read -r pid start pgrp id < "$1" || return 1
  process "$pid" && [ "$begun" = "$start" ] && [ "$(boot)" = "$id" ]
}

# Sets state, code, ended and started of folder $d.
look() {
  [ -r "$d/started" ] && read -r started < "$d/started" || started=-
  for turn in 1 2; do
    if [ -r "$d/status" ] && read -r code ended < "$d/status"; then
      state=Exited
      return
    fi
    code=- ended=-
    if runs "$d/supervisor" || runs "$d/program" || runs "$d/starter"; then
      state=Running
      return
    fi
    # A start makes the folder a moment before it says who it is; an end writes the status a moment before it goes.
    [ -e "$d/supervisor" ] || [ "$turn" = 2 ] || sleep 1
  done
  state=Lost
}

# start ID WORK_BYTES BYTES NONCE [SUDO...]: takes work and script from stdin, and runs the work, by sudo if its words are given.
start() {
  base "$1"
  work=$2 bytes=$3 nonce=$4
  shift 4
  if ! mkdir -m 700 "$d" 2>/dev/null; then
    [ -d "$d" ] && echo there && exit 0
    echo "the folder $d cannot be made" >&2
    exit 70
  fi
  mask=$(umask)
  umask 077
  remember "$d/starter" $$
  now > "$d/started"
  echo "$nonce-content" >&2
  head -c "$bytes" > "$d/all"
  if [ "$(wc -c < "$d/all")" -ne "$bytes" ]; then
    echo "the work did not come whole" >&2
    exit 70
  fi
  head -c "$work" "$d/all" > "$d/work" && tail -c "+$((work + 1))" "$d/all" > "$d/script" || exit 70
  rm "$d/all"
  printf '%s\n' "$text" > "$d/host.sh" && mkfifo "$d/out" || exit 70
  set -- "$@" sh "$d/host.sh" run "$d" "$nonce" "$mask" "$SHELL"
  away=$(command -v setsid) || set -m
  exec 5<&0
  $away sh "$d/host.sh" supervise "$d" "$@" <&5 5<&- &
  supervisor=$!
  until [ -e "$d/program" ] || ! process "$supervisor"; do moment; done
  [ -e "$d/program" ] || exit 1
  echo started
}

# supervise FOLDER WORDS...: runs the program in a process group of its own, keeps its log, writes its status.
supervise() {
  d=$1
  shift
  trap '' HUP
  trap : TERM INT
  exec 3<&0 4>&2 < /dev/null > /dev/null 2>&1
  remember "$d/supervisor" $$
  sh "$d/host.sh" keep "$d" < "$d/out" 3<&- 4>&- &
  keeper=$!
  away=$(command -v setsid) || set -m
  $away "$@" <&3 >&4 2>&4 3<&- 4>&- &
  program=$!
  exec 3<&- 4>&-
  wait "$program"
  code=$?
  # A signal to this shell ends the waiting, not the program.
  while process "$program"; do
    wait "$program"
    code=$?
  done
  if [ ! -e "$d/program" ]; then
    # sudo refused: nothing ran, and it may be started again.
    kill "$keeper"
    rm -rf "$d"
    exit 1
  fi
  # What it left in the background may write for ever: the log's end is awaited for two seconds.
  turns=0
  while process "$keeper" && [ "$turns" -lt 40 ]; do
    turns=$((turns + 1))
    moment
  done
  echo "$code $(now)" > "$d/status.new" && mv "$d/status.new" "$d/status"
  rm -f "$d/out"
}

# run FOLDER NONCE UMASK SHELL: in the program's process: remembers and announces it, and becomes it, with its output going to the log.
run() {
  d=$1
  umask 022
  remember "$d/program" $$ || exit 1
  echo "$2-start $$" >&2
  exec < /dev/null > "$d/out" 2>&1
  umask "$3"
  netpulse_shell=$4
  . "$d/work"
}

# keep FOLDER: the log from stdin, in pieces of 64 MiB; of more than 16 (1 GiB) the last 11 (704 MiB) stay.
keep() {
  d=$1
  trap '' HUP INT
  offset=1000000000000000
  piece=$d/log.$offset
  : > "$piece"
  while :; do
    # dd writes what each read gives at once, and ends after 64 of them, at most 4 MiB.
    said=$(LC_ALL=C dd bs=65536 count=64 2>&1 >> "$piece")
    case $said in "0+0 records in"*) break ;; esac
    [ -n "$(find "$piece" -size +131071)" ] || continue
    offset=$((offset + $(wc -c < "$piece")))
    piece=$d/log.$offset
    : > "$piece"
    set -- "$d"/log.*
    [ $# -le 16 ] && continue
    while [ $# -gt 11 ]; do
      rm -f "$1"
      shift
    done
  done
}

# follow ID OFFSET BYTES: a line with state, exit status, start, end, size and the offset of what follows: the log from there.
follow() {
  base "$1"
  [ -d "$d" ] || { echo none; exit 0; }
  wanted=$((1000000000000000 + $2)) bytes=$3
  look
  from='' size=0
  for piece in "$d"/log.*; do
    [ -e "$piece" ] || continue
    first=${piece##*/log.}
    end=$((first + $(wc -c < "$piece")))
    size=$((end - 1000000000000000))
    [ -z "$from" ] || continue
    [ "$wanted" -ge "$first" ] || wanted=$first
    [ "$wanted" -lt "$end" ] && from=$piece at=$((wanted - first))
  done
  echo "$state $code $started $ended $size $((wanted - 1000000000000000))"
  [ -n "$from" ] || exit 0
  set -- "$d"/log.*
  while [ "$1" != "$from" ]; do shift; done
  shift
  { tail -c "+$((at + 1))" "$from" && cat "$@" < /dev/null; } 2>/dev/null | head -c "$bytes"
}

# list: a line for each program.
list() {
  base ''
  for d in "$root"/*; do
    [ -d "$d" ] || continue
    look
    echo "${d##*/} $state $code $started"
  done
}

# cancel ID, or as root FOLDER: TERM to the process group, after 10 s KILL. Says `denied FOLDER` where only root may.
cancel() {
  case $1 in /*) d=$1 ;; *) base "$1" ;; esac
  [ -d "$d" ] || { echo none; exit 0; }
  look
  if [ "$state" = Running ] && runs "$d/program"; then
    for signal in TERM KILL; do
      kill "-$signal" "-$pgrp" 2>/dev/null
      if ! kill -0 "-$pgrp" 2>/dev/null && runs "$d/program"; then
        echo "denied $d"
        exit 0
      fi
      turns=0
      while kill -0 "-$pgrp" 2>/dev/null && [ "$turns" -lt 200 ]; do
        turns=$((turns + 1))
        moment
      done
    done
  fi
  # The status comes a moment after the program's end.
  turns=0
  while runs "$d/supervisor" && [ "$turns" -lt 100 ]; do
    turns=$((turns + 1))
    moment
  done
  look
  [ "$state" = Running ] && echo running || echo ended
}

# forget ID: removes what is kept, unless it runs.
forget() {
  base "$1"
  [ -d "$d" ] || { echo none; exit 0; }
  look
  [ "$state" != Running ] || { echo running; exit 0; }
  # First the name goes: a removal that is cut short must not look like a program.
  mv "$d" "$root/.forgotten-$$" && rm -rf "$root/.forgotten-$$" && echo forgotten
}

"$@"
