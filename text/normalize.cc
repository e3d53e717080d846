#include "text/normalize.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "text/utf8.h"

namespace duilian::text {
namespace {

char32_t Unify(char32_t c) {
  switch (c) {
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
    case 0x300C:
    case 0x300D:
    case 0x300E:
    case 0x300F:
      return '"';
    case 0x2018:
    case 0x2019:
    case 0x201A:
    case 0x201B:
      return '\'';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
      return '-';
    default:
      return c;
  }
}

std::string FoldedNfkc(absl::string_view text) {
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &mapped,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                     UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                     UTF8PROC_IGNORE));
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped,
                                                                &std::free);
  if (length < 0) return std::string(text);
  return std::string(reinterpret_cast<char*>(mapped),
                     static_cast<size_t>(length));
}

// What NFKC and folding make of the commonest characters, each by itself: of
// ASCII, unified Han, its usual punctuation, and the full width of ASCII.
// Nothing among them composes. nullopt: any other.
std::optional<char32_t> FoldedAlone(char32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  if (c >= 'A' && c <= 'Z') return c + ('a' - 'A');
  if (c < 0x80 || (c >= 0x4E00 && c <= 0x9FFF) || c == 0x3001 || c == 0x3002 ||
      (c >= 0x300A && c <= 0x300F) || c == 0x2014 ||
      (c >= 0x2018 && c <= 0x201D)) {
    return c;
  }
  return std::nullopt;
}

// Of a short text that need not be quick.
std::string Folded(absl::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (size_t offset = 0; offset < text.size();) {
    const std::optional<char32_t> c = FoldedAlone(NextCodepoint(text, offset));
    if (!c.has_value()) return FoldedNfkc(text);
    AppendUtf8(*c, folded);
  }
  return folded;
}

// Takes folded code points and keeps those of the form: `keep` is called with
// each of them and the number of the folded one that it is.
template <typename Keep>
class Spacing {
 public:
  explicit Spacing(Keep keep) : keep_(std::move(keep)) {}

  void Add(char32_t folded, size_t number) {
    const char32_t c = Unify(folded);
    if (IsSpace(c)) {
      if (!pending_) space_ = number;
      pending_ = true;
      return;
    }
    if (pending_ && last_ != 0 && !IsHan(last_) && !IsHan(c)) {
      keep_(U' ', space_);
    }
    pending_ = false;
    keep_(c, number);
    last_ = c;
  }

 private:
  Keep keep_;
  bool pending_ = false;
  size_t space_ = 0;
  char32_t last_ = 0;
};

// The end of a character and of what combines with it.
size_t EndOfCluster(absl::string_view text, size_t offset) {
  NextCodepoint(text, offset);
  while (offset < text.size()) {
    size_t next = offset;
    if (!IsSpace(NextCodepoint(text, next)) &&
        DisplayWidth(text.substr(offset, next - offset)) == 0) {
      offset = next;
    } else {
      break;
    }
  }
  return offset;
}

}  // namespace

std::string NormalizeForMatching(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto append = [&out](char32_t c, size_t) { AppendUtf8(c, out); };
  Spacing spacing(append);
  bool each_alone = true;
  for (size_t offset = 0; offset < text.size() && each_alone;) {
    const std::optional<char32_t> c = FoldedAlone(NextCodepoint(text, offset));
    each_alone = c.has_value();
    if (each_alone) spacing.Add(*c, 0);
  }
  if (each_alone) return out;
  // The general way, which costs several times as much.
  out.clear();
  const std::string folded = FoldedNfkc(text);
  Spacing anew(append);
  for (size_t begin = 0; begin < folded.size();) {
    anew.Add(NextCodepoint(folded, begin), 0);
  }
  return out;
}

PlacedText NormalizeWithPlaces(absl::string_view text) {
  PlacedText placed;
  std::string form;
  std::vector<CodepointSpan> clusters;
  Spacing spacing([&](char32_t c, size_t cluster) {
    placed.codepoints.push_back(c);
    placed.places.push_back(clusters[cluster]);
    AppendUtf8(c, form);
  });
  size_t codepoints = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = EndOfCluster(text, begin);
    const absl::string_view cluster = text.substr(begin, end - begin);
    const size_t before = codepoints;
    codepoints += CountCodepoints(cluster);
    clusters.push_back({before, codepoints});
    const std::string folded = Folded(cluster);
    for (size_t offset = 0; offset < folded.size();) {
      spacing.Add(NextCodepoint(folded, offset), clusters.size() - 1);
    }
    begin = end;
  }
  const std::string expected = NormalizeForMatching(text);
  if (form != expected) {
    placed.codepoints = Codepoints(expected);
    placed.places.assign(placed.codepoints.size(), {0, codepoints});
  }
  return placed;
}

}  // namespace duilian::text
