#include <unistd.h>

#include <iostream>

#include "clients/command_line.h"
#include "clients/terminal.h"

int main(int argc, char** argv) {
  using duilian::clients::DescribeTerminal;
  std::ios::sync_with_stdio(false);
  duilian::clients::Console console{
      std::cin,
      std::cout,
      std::cerr,
      DescribeTerminal(STDOUT_FILENO),
      DescribeTerminal(STDERR_FILENO),
      isatty(STDIN_FILENO) == 1 ? STDIN_FILENO : -1};
  return duilian::clients::RunCommandLine(argc, argv, console);
}
