#include "clients/flag_rules.h"

#include <functional>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "clients/change_times.h"
#include "text/language.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

CLI::Validator Rule(std::function<std::string(const std::string&)> complaint) {
  return CLI::Validator(
      [complaint](std::string& value) { return complaint(value); }, "");
}

CLI::Validator WholeNumber(int min, int max, const std::string& accepted) {
  return Rule([=](const std::string& value) {
    int number = 0;
    if (absl::SimpleAtoi(value, &number) && number >= min && number <= max) {
      return std::string();
    }
    return absl::StrCat("\"", value, "\" given, ", accepted,
                        " accepted; choose one of those");
  });
}

}  // namespace

CLI::Validator AboveZero() {
  return Rule([](const std::string& value) {
    double number = 0;
    if (absl::SimpleAtod(value, &number) && number > 0) return std::string();
    return absl::StrCat("\"", value,
                        "\" given, a number above 0 accepted; choose one");
  });
}

CLI::Validator AtLeastOne() {
  return WholeNumber(1, std::numeric_limits<int>::max(),
                     "whole numbers above 0");
}

CLI::Validator WholeNumberWithin(int min, int max) {
  return WholeNumber(min, max,
                     absl::StrCat("whole numbers ", min, " to ", max));
}

CLI::Validator NumberWithin(double min, double max) {
  return Rule([=](const std::string& value) {
    double number = 0;
    if (absl::SimpleAtod(value, &number) && number >= min && number <= max) {
      return std::string();
    }
    return absl::StrCat("\"", value, "\" given, numbers ", min, " to ", max,
                        " accepted; choose one of those");
  });
}

CLI::Validator EnglishOrChinese() {
  return Rule([](const std::string& value) {
    if (text::ParseLanguageCode(value).has_value()) return std::string();
    return absl::StrCat("\"", value,
                        "\" given, en and zh accepted; choose one of them");
  });
}

CLI::Validator Utf8() {
  return Rule([](const std::string& value) {
    const std::optional<size_t> invalid = text::FindInvalidUtf8(value);
    if (!invalid.has_value()) return std::string();
    return absl::StrCat("byte ", *invalid,
                        " is not UTF-8, which alone is accepted; convert it");
  });
}

CLI::Validator DateOrTime() {
  return Rule([](const std::string& value) {
    if (ParseTime(value).has_value()) return std::string();
    return absl::StrCat("\"", value,
                        "\" given, a date or a time with its zone accepted; "
                        "write it as 2026-11-26 (UTC) or "
                        "2026-11-26T09:30:00+08:00");
  });
}

CLI::Validator HostAndPort() {
  return Rule([](const std::string& value) {
    if (value.find(':') != std::string::npos) return std::string();
    return absl::StrCat("\"", value,
                        "\" given, HOST:PORT accepted; name both, as in "
                        "127.0.0.1:50351");
  });
}

}  // namespace duilian::clients
