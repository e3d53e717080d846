#!/bin/sh
# Exit codes of the built program: usage_test.sh PATH-TO-DUILIAN.
# Wrong arguments end with 2 and one line that names the program; --help and
# --version with 0; a file that is not there with 1.
set -u
duilian=$1
failures=0

expect() {
  wanted=$1
  shift
  message=$("$duilian" "$@" 2>&1 >/dev/null </dev/null)
  code=$?
  if [ "$code" -ne "$wanted" ]; then
    echo "duilian $*: exit code $code, expected $wanted: $message"
    failures=$((failures + 1))
  fi
  if [ "$wanted" -ne 0 ]; then
    case $message in
      "duilian: "*) ;;
      *)
        echo "duilian $*: does not begin with 'duilian: ': $message"
        failures=$((failures + 1))
        ;;
    esac
    if [ "$(printf '%s\n' "$message" | wc -l)" -ne 1 ]; then
      echo "duilian $*: more than one line: $message"
      failures=$((failures + 1))
    fi
  fi
}

expect 2
expect 2 no-such-command
expect 2 lookup
expect 2 lookup text --file queries.txt
expect 2 lookup text --threshold high
expect 2 lookup text --output ladder
expect 2 lookup text --no-such-flag
expect 2 --timeout -1 status
expect 2 align --zh zh.txt
expect 2 align --zh zh.txt --en en.txt --output xml
expect 2 import
expect 2 import --zh zh.txt --en en.txt
expect 2 import --document one --zh zh.txt
expect 2 import --document one --manifest all.tsv
expect 2 concordance
expect 2 concordance word --limit 0
expect 2 meaning
expect 2 meaning text --min 101
expect 2 meaning text --limit 0
expect 2 meaning text --lang fr
expect 2 --timeout 0 status
expect 2 --server '' status
expect 2 lookup text --limit 0
expect 2 lookup text --threshold 49
expect 2 lookup text --lang fr
expect 2 lookup text --changed-after yesterday
expect 2 concordance word --changed-before 2026-11-31
expect 2 export --changed-after 2026-11-26T09:30:00
expect 2 lookup --also project
expect 2 lookup --file queries.txt --previous text
expect 2 lookup --next text --file queries.txt
expect 2 lookup --status accepted
expect 2 lookup text --status maybe
expect 2 concordance word --min-confidence 1.5
expect 2 meaning text --min-confidence high
expect 2 settings --other-project 51
expect 2 cite
expect 2 cite words --file quote.txt
expect 2 cite words --limit 51
expect 2 cite words --threshold 49
expect 2 consistency words
expect 2 consistency --near 49
expect 2 prefer AGI
expect 2 prefer AGI 智能 --delete AGI
expect 2 prefer --also AGI
expect 2 fragments
expect 2 quotes --lang zh quote
expect 2 quotes --text zh.txt --lang zh
expect 2 export --status maybe
expect 2 review list extra
expect 2 settings extra
expect 2 settings --age 51
expect 2 settings --age-days 0
expect 0 --help
expect 0 --version
expect 0 lookup --help
expect 0 meaning --help
expect 0 review list --help
expect 0 settings --help
expect 1 align --zh no-such-file --en no-such-file
expect 1 cite --file no-such-file
expect 1 fragments no-such-file

[ "$failures" -eq 0 ]
