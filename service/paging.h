#ifndef DUILIAN_SERVICE_PAGING_H_
#define DUILIAN_SERVICE_PAGING_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_field.h"
#include "service/limits.h"

namespace duilian::service {

// Fills a page of an answer and returns the place to go on from. `list` takes
// a number of items and returns a StatusOr<storage::Page>; `convert` makes a
// message of an item. A page that would grow beyond kMaxPageBytes is read
// again with as many items as fit, one at least, so that `next` fits too.
template <typename Message, typename List, typename Convert>
absl::StatusOr<std::optional<std::string>> FillPage(
    size_t limit, const List& list, const Convert& convert,
    google::protobuf::RepeatedPtrField<Message>& out) {
  while (true) {
    auto page = list(limit);
    if (!page.ok()) return page.status();
    out.Clear();
    size_t bytes = 0;
    size_t fitting = 0;
    for (const auto& item : page->items) {
      Message message = convert(item);
      bytes += message.ByteSizeLong();
      if (fitting > 0 && bytes > kMaxPageBytes) break;
      *out.Add() = std::move(message);
      ++fitting;
    }
    if (fitting == page->items.size()) return std::move(page->next);
    limit = fitting;
  }
}

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_PAGING_H_
