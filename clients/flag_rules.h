// What the value of a flag must be. Each says what came, what is accepted and
// what to do, and the command line ends with the exit code of wrong usage.

#ifndef DUILIAN_CLIENTS_FLAG_RULES_H_
#define DUILIAN_CLIENTS_FLAG_RULES_H_

#include <CLI/CLI.hpp>

namespace duilian::clients {

CLI::Validator AboveZero();
CLI::Validator AtLeastOne();  // a whole number
CLI::Validator WholeNumberWithin(int min, int max);
CLI::Validator NumberWithin(double min, double max);
// "en", "zh-Hans" …, as text::ParseLanguageCode reads them.
CLI::Validator EnglishOrChinese();
CLI::Validator Utf8();
// As ParseTime reads it (change_times.h).
CLI::Validator DateOrTime();
// HOST:PORT, or one of the names that gRPC knows, all of which hold a colon.
CLI::Validator HostAndPort();

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_FLAG_RULES_H_
