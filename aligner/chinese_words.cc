#include "aligner/chinese_words.h"

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/utext.h>

#include <cstdint>
#include <memory>

#include "text/utf8.h"

namespace duilian::aligner {
namespace {

struct CloseText {
  void operator()(UText* text) const { utext_close(text); }
};

std::vector<size_t> EveryCharacter(absl::string_view text) {
  std::vector<size_t> edges = {0};
  for (size_t at = 0; at < text.size();) {
    text::NextCodepoint(text, at);
    edges.push_back(at);
  }
  return edges;
}

}  // namespace

std::vector<size_t> FindWordEdges(absl::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> breaks(
      icu::BreakIterator::createWordInstance(icu::Locale::getChinese(),
                                             status));
  const std::unique_ptr<UText, CloseText> bytes(utext_openUTF8(
      nullptr, text.data(), static_cast<int64_t>(text.size()), &status));
  if (U_FAILURE(status)) return EveryCharacter(text);
  breaks->setText(bytes.get(), status);
  if (U_FAILURE(status)) return EveryCharacter(text);
  std::vector<size_t> edges;
  for (int32_t at = breaks->first(); at != icu::BreakIterator::DONE;
       at = breaks->next()) {
    edges.push_back(static_cast<size_t>(at));
  }
  return edges;
}

}  // namespace duilian::aligner
