import { TETHER_MARK } from "./process-mark.ts";
import { onOneLine } from "./ssh-shell-text.ts";

/**
 * What the account's login shell is given as its command: one line that every shell reads alike. It starts the POSIX shell,
 * which takes the agent as its first line of input. The shell's `read` takes no byte that is not its own.
 */
export const BOOTSTRAP = `exec sh -c 'IFS= read -r rb && eval "$rb"'`;

/** Text for `sh`: looks for a program as the system would, and answers with `rb_no not_found` or `rb_no denied` where it cannot be run. */
export const FIND_PROGRAM = String.raw`
rb_find() {
  if [ "$1" != "${"$"}{1#*/}" ]; then
    [ -e "$1" ] || rb_no not_found
    [ -f "$1" ] && [ -x "$1" ] || rb_no denied
    return 0
  fi
  rb_i=$IFS
  IFS=:
  set -f
  for rb_d in $PATH; do
    if [ -f "${"$"}{rb_d:-.}/$1" ] && [ -x "${"$"}{rb_d:-.}/$1" ]; then
      IFS=$rb_i
      return 0
    fi
  done
  IFS=$rb_i
  rb_no not_found
}
`;

/**
 * The agent: text for a POSIX `sh` on the target that runs one program after the other for the runner.
 *
 * Each line of its input is a request. A program runs in a process group of its own, with its output in pipes of its own, so
 * that what outlasts it can never write into the answer to another request. What the agent says itself stands on standard output
 * behind a mark that no program knows (`hello`, `no CODE`, `exit CODE`, `beat`, `stopped`: the tree is gone, `end`; `hello` and `end` on both
 * streams, so that each can be read to its end).
 *
 * A program carries another mark in its environment, which is its request's: by it `rb_marked` finds what has left its parent and its group, where
 * the system shows the environment of a process. Nothing looks for it until a tree is to be ended.
 *
 * While a program runs, `rb_watch` reads the input: `stop`, `beat`, and `done` when the runner has read the answer. At the end of the input (the
 * channel or the runner is gone) it ends the program's tree and the session; so does `rb_guard` where signs of life stay out.
 * Names begin with `rb_`.
 */
const AGENT = String.raw`
rb_l=$(printf '\nx')
rb_l=${"$"}{rb_l%x}
exec 3<&0 8>&1 9>&2
rb_q=0
rb_u=
rb_say() { printf '\001%s %s\n' "$rb_n" "$*"; }
rb_both() { rb_say "$@" >&8; rb_say "$@" >&9; }
rb_no() { rb_say no "$@" >&8; exit 126; }
${FIND_PROGRAM}
rb_in() { CDPATH= cd -- "$1" 2>/dev/null || rb_no no_folder; }
rb_exec() {
  rb_find "$1"
  export "$rb_u"
  exec $rb_own "$@" 3<&- 8>&- 9>&-
}
rb_table() {
  if [ -r /proc/1/stat ]; then
    rb_a=
    for rb_f in /proc/[0-9]*/stat; do
      { read -r rb_s <"$rb_f"; } 2>/dev/null || continue
      set -- "${"$"}{rb_s%% *}" ${"$"}{rb_s##*) }
      case $2 in Z | X) continue ;; esac
      rb_a="$rb_a $1:$3:$4"
    done
  else
    rb_a=$(ps -A -o pid= -o ppid= -o pgid= | while read -r rb_s rb_d rb_f; do echo "$rb_s:$rb_d:$rb_f"; done)
  fi
}
rb_marked() {
  rb_e=" "
  [ -n "$rb_u" ] && [ -r /proc/1/stat ] || return 0
  for rb_p in $(grep -lzF "$rb_u" /proc/[0-9]*/environ); do
    rb_p=${"$"}{rb_p%/*}
    rb_e="$rb_e${"$"}{rb_p##*/} "
  done
}
rb_learn() {
  rb_tree
  for rb_p in $rb_t; do
    rb_u=$(tr '\0' '\n' <"/proc/$rb_p/environ" | grep "^${TETHER_MARK}=$rb_v-") && return
  done
}
rb_tree() {
  rb_table
  rb_marked
  rb_d=" $$ "
  rb_t=" "
  rb_m=1
  while [ -n "$rb_m" ]; do
    rb_m=
    for rb_s in $rb_a; do
      set -- "${"$"}{rb_s%%:*}" "${"$"}{rb_s#*:}"
      case "$rb_d" in *" $1 "*) continue ;; esac
      case "$rb_e" in
        *" $1 "*) ;;
        *) case "$rb_d:$rb_z" in *" ${"$"}{2%:*} "*:*|*:*" ${"$"}{2#*:} "*) ;; *) continue ;; esac ;;
      esac
      rb_d="$rb_d$1 "
      rb_m=1
      [ "${"$"}{2#*:}" = "$rb_g" ] || { rb_t="$rb_t$1 "; rb_z="$rb_z${"$"}{2#*:} "; }
    done
  done
}
rb_stop() {
  rb_k=TERM
  rb_z=" "
  rb_o=" "
  [ -n "$rb_u" ] || rb_learn
  for rb_c in 0.1 0.4 1 1 1 1.5 KILL; do
    rb_tree
    [ "$rb_c" = KILL ] && rb_k=KILL rb_o=" "
    for rb_p in $rb_t; do
      case "$rb_o" in *" $rb_p "*) continue ;; esac
      kill -s "$rb_k" "$rb_p" 2>/dev/null
      rb_o="$rb_o$rb_p "
    done
    [ "$rb_o" != " " ] && [ "$rb_t" = " " ] && break
    [ "$rb_c" = KILL ] || sleep "$rb_c" 2>/dev/null || sleep 1
  done
  [ "$rb_k" != KILL ] || { sleep 0.1 2>/dev/null || sleep 1; rb_tree; }
}
rb_beat() {
  kill -s USR1 "$rb_y" 2>/dev/null
  rb_say beat >&8
}
rb_guard() {
  trap 'rb_b=1' USR1
  rb_b=1
  while [ -n "$rb_b" ]; do
    rb_b=
    sleep "$rb_h"
  done
  rb_stop
  kill -s TERM 0
}
rb_watch() {
  while IFS= read -r rb_w; do
    case $rb_w in
      rb_beat) rb_beat ;;
      stop) rb_stop; [ "$rb_t" != " " ] || rb_say stopped >&8 ;;
      done) exit 0 ;;
    esac
  done
  rb_stop
  kill -s TERM 0
}
rb_tend() {
  if [ -n "$rb_fed" ]; then
    rb_feed 2>/dev/null 3<&- 8>&- 9>&- | ( rb_body )
  else
    ( rb_body ) </dev/null
  fi
  rb_say exit "$?" >&8
}
rb_go() {
  rb_q=$((rb_q + 1))
  rb_u=${TETHER_MARK}=$rb_v-$rb_q.
  rb_watch <&3 2>/dev/null &
  rb_w=$!
  { rb_tend 2>&1 >&5 5>&- | cat >&9 3<&- 5>&- 8>&- 9>&-; } 5>&1 | cat >&8 3<&- 8>&- 9>&-
  rb_both end
  wait "$rb_w"
}
if rb_own=$(command -v setsid); then
  rb_own="$rb_own --"
else
  rb_own='perl -e setpgrp(0,0);exec{$ARGV[0]}@ARGV --'
  command -v perl >/dev/null || rb_no no_group
fi
case $(command -v printf) in /*) rb_no no_printf ;; esac
if [ -r "/proc/$$/stat" ]; then
  read -r rb_s <"/proc/$$/stat"
  set -- ${"$"}{rb_s##*) }
  rb_g=$3
else
  rb_g=$(ps -o pgid= -p $$)
  rb_g=$(( rb_g ))
fi
rb_guard </dev/null >/dev/null 2>&1 3<&- 8>&- 9>&- &
rb_y=$!
rb_both hello
while IFS= read -r rb_line; do
  eval "$rb_line"
done
kill -s TERM 0
`;

/** The agent's first line, with the mark of its session (32 hexadecimal digits), what the marks of its programs begin with, and the seconds without a sign of life after which it ends what runs; it may take twice as long. */
export function agentLine(mark: string, programs: string, silenceS: number): string {
  return `rb_n=${mark}; rb_v=${programs}; rb_h=${silenceS}; ${onOneLine(AGENT)}\n`;
}
