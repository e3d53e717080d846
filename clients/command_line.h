// The command line as a whole: global flags, subcommands, exit codes.

#ifndef DUILIAN_CLIENTS_COMMAND_LINE_H_
#define DUILIAN_CLIENTS_COMMAND_LINE_H_

#include "clients/terminal.h"

namespace duilian::clients {

enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2 };

// Parses the arguments and runs the subcommand. A failure prints one line on
// console.err, `duilian: <what>`.
int RunCommandLine(int argc, const char* const* argv, Console& console);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_COMMAND_LINE_H_
