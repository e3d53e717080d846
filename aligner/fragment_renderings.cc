#include "aligner/fragment_renderings.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace duilian::aligner {
namespace {

constexpr size_t kLongest = 16;  // characters of a rendering

bool IsOneOf(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != set.npos;
}

size_t SkipSpacesBack(const Characters& chars, size_t i) {
  while (i > 0 && chars[i - 1] == ' ') --i;
  return i;
}

// AGI(通用人工智能): the Chinese in the brackets behind.
std::optional<CharacterRange> BehindInBrackets(const Characters& chars,
                                               size_t end) {
  size_t i = chars[end] == ' ' ? end + 1 : end;
  if (!IsOneOf(chars[i], U"([")) return std::nullopt;
  const size_t begin = ++i;
  while (text::IsHan(chars[i]) || IsOneOf(chars[i], U"·-")) ++i;
  const size_t length = i - begin;
  if (length < 2 || length > kLongest || !IsOneOf(chars[i], U")]")) {
    return std::nullopt;
  }
  // Sam(大笑): what he does, not what his name means.
  if (chars.StartsWith(begin, U"大笑") || chars[begin] == U'笑') {
    return std::nullopt;
  }
  return CharacterRange{begin, i};
}

// 通用人工智能(AGI): the run of Chinese before the bracket that the fragment
// opens, at most kLongest of it; exact when quotation marks stand about it.
struct Before {
  CharacterRange run;
  bool exact = false;
};

std::optional<Before> BeforeBrackets(const Characters& chars,
                                     const CharacterRange& place) {
  if (!IsOneOf(chars[place.begin - 1], U"([") ||
      !IsOneOf(chars[place.end], U")],、，:;；")) {
    return std::nullopt;
  }
  size_t end = SkipSpacesBack(chars, place.begin - 1);
  const bool quoted = IsOneOf(chars[end - 1], U"」』”’\"》");
  if (quoted) --end;
  size_t begin = end;
  while (begin > 0 && end - begin < kLongest &&
         (text::IsHan(chars[begin - 1]) || chars[begin - 1] == U'·')) {
    --begin;
  }
  if (end - begin < 2) return std::nullopt;
  const bool exact = quoted && IsOneOf(chars[begin - 1], U"「『“‘\"《");
  return Before{{begin, end}, exact};
}

// Where a term begins in a run, by the last particle, verb ending or measure
// word that is not inside its last two characters.
size_t AfterLastParticle(const Characters& chars, const CharacterRange& run) {
  constexpr std::u32string_view kParticles =
      U"的了过着是在把将和与或及对从到为被叫称做个种款项这那于给让像如出"
      U"過著將與對從為稱個種項這於給讓";
  for (size_t i = run.end - 2; i > run.begin; --i) {
    if (IsOneOf(chars[i - 1], kParticles)) return i;
  }
  return run.begin;
}

// How many characters two runs have in common at their ends.
size_t CommonEnd(const Characters& chars, const CharacterRange& a,
                 const CharacterRange& b) {
  const size_t most = std::min(a.end - a.begin, b.end - b.begin);
  size_t n = 0;
  while (n < most && chars[a.end - 1 - n] == chars[b.end - 1 - n]) ++n;
  return n;
}

// What several places of the text, each with the fragment in brackets, agree
// on. Two different lefts are needed for a word to show its edge.
struct Agreement {
  CharacterRange run;
  size_t common = 0;
  bool differs = false;
};

}  // namespace

void FindRenderings(absl::string_view text, const Characters& chars,
                    const std::vector<CharacterRange>& places,
                    std::vector<Fragment>& fragments) {
  std::vector<std::optional<Before>> befores(places.size());
  absl::flat_hash_map<absl::string_view, Agreement> agreements;
  for (size_t i = 0; i < places.size(); ++i) {
    befores[i] = BeforeBrackets(chars, places[i]);
    if (!befores[i].has_value() || befores[i]->exact) continue;
    const CharacterRange& run = befores[i]->run;
    const auto [it, is_new] = agreements.try_emplace(
        fragments[i].text, Agreement{run, run.end - run.begin, false});
    if (is_new) continue;
    const size_t common = CommonEnd(chars, it->second.run, run);
    it->second.differs = it->second.differs || common < run.end - run.begin ||
                         common < it->second.run.end - it->second.run.begin;
    it->second.common = std::min(it->second.common, common);
  }
  for (size_t i = 0; i < places.size(); ++i) {
    std::optional<CharacterRange> found;
    if (befores[i].has_value()) {
      found = befores[i]->run;
      if (!befores[i]->exact) {
        found->begin = AfterLastParticle(chars, *found);
        const Agreement& agreed = agreements[fragments[i].text];
        if (agreed.differs && agreed.common >= 2) {
          found->begin = std::max(found->begin, found->end - agreed.common);
        }
      }
    } else {
      found = BehindInBrackets(chars, places[i].end);
    }
    if (!found.has_value()) continue;
    const text::ByteSpan span = chars.Bytes(found->begin, found->end);
    fragments[i].rendering_span = span;
    fragments[i].rendering = std::string(text.substr(span.begin, span.size()));
  }
}

}  // namespace duilian::aligner
