// The server names fields of its API; who sits at the command line knows flags
// and files.

#ifndef DUILIAN_CLIENTS_SERVER_WORDS_H_
#define DUILIAN_CLIENTS_SERVER_WORDS_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace duilian::clients {

// The message with the field that it begins with said as the flag that sets
// it: "threshold_percent: 3 given" becomes "--threshold: 3 given". Any other
// message stays.
std::string InFlagWords(absl::string_view message);

// "requests[2]: query: empty" is about item 2 of "requests" (from 0), and says
// "query: empty" of it.
struct ItemRefusal {
  size_t item = 0;
  std::string reason;  // in flag words
  // Not about its query, but about what flags set in all of them.
  bool of_every_item = false;
};

// nullopt when the message is not about an item of `list`.
std::optional<ItemRefusal> ReadItemRefusal(absl::string_view message,
                                           absl::string_view list);

// What the two sides of a document are called here.
struct SideNames {
  std::string zh;           // "--zh interview.txt"
  std::string en;           // "--en interview.md"
  std::string swap_advice;  // where each language belongs
};

// A message about a side ("source: looks like Chinese …"), said of the files.
std::string InSideWords(absl::string_view message, const SideNames& names);

// gRPC's words for a message over the receiver's limit, in the user's; nullopt
// for any other message.
std::optional<std::string> OversizeInWords(absl::string_view message);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_SERVER_WORDS_H_
