// The command line: global options, then one row of the command table (cli.cpp). No command opens the window.
//
// Results go to stdout, one JSON document with `--json`; progress and errors go to stderr, an error as one
// line that says what is wrong and what to do. Exit codes: exit_code() in console.h.
#pragma once

namespace asfs {

int run_cli(int argc, char** argv);

}  // namespace asfs
