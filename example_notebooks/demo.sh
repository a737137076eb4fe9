#!/bin/sh
# Run the example notebooks headlessly with several parameters, then list and compare the runs, and
# execute one of them again.
# `make demo` calls this, with nbmlops on PATH. Every call adds runs; the notebooks in demo/ are
# written over.
set -eu
cd "$(dirname "$0")/.."

if ! command -v nbmlops >/dev/null; then
    echo "nbmlops is not on PATH. 'make demo' installs it and runs this script." >&2
    exit 1
fi
mkdir -p demo

# Where other work runs at the same time, the threads that train models would spin for minutes.
export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-PASSIVE}"

# run NAME NUMBER [-p PARAMETER VALUE]...: print the id of the new run
run() {
    name=$1 number=$2
    shift 2
    echo "$name $*" >&2
    nbmlops run "example_notebooks/$name.ipynb" "demo/$name-$number.ipynb" "$@"
}

simple=$(run penguins 1 -p C 0.01)
run penguins 2 -p C 1.0 >/dev/null
flexible=$(run penguins 3 -p C 100.0)

run bike_demand 1 -p history_months 6 >/dev/null
run bike_demand 2 -p history_months 12 >/dev/null
run bike_demand 3 -p history_months 18 >/dev/null

run flight_delays 1 -p use_weather False >/dev/null
run flight_delays 2 -p use_weather True >/dev/null

echo
echo "\$ nbmlops runs"
nbmlops runs

echo
echo "\$ nbmlops compare $simple $flexible"
nbmlops compare "$simple" "$flexible"

echo
echo "\$ nbmlops replay $simple"
nbmlops replay "$simple"

cat <<END

How to go on:
  .venv/bin/nbmlops show $flexible
      everything about one run
  make lab
      change a parameter in a notebook and run its cells again: that is a new run
The executed notebooks are in demo/.
END
