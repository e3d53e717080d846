// Every change of a side's segments is a list of the new ones with, for each
// old segment, the new ones that hold a part of it: none when it is dropped,
// one that others share when it is merged, two when it is split.
#include "bench/noise.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

using aligner::Segment;
using aligner::Transcript;
using aligner::training::GoldBead;

constexpr Side kSides[] = {Side::kChinese, Side::kEnglish};

Transcript& Of(GoldDocument& document, Side side) {
  return side == Side::kChinese ? document.chinese : document.english;
}
const Transcript& Of(const GoldDocument& document, Side side) {
  return side == Side::kChinese ? document.chinese : document.english;
}
std::vector<int>& Of(GoldBead& bead, Side side) {
  return side == Side::kChinese ? bead.chinese : bead.english;
}

struct Recut {
  std::vector<Segment> segments;
  std::vector<std::vector<int>> now;  // [old segments]
};

// Joins each bead to the first before it that shares a segment of the side.
std::vector<GoldBead> JoinedOnce(std::vector<GoldBead> beads, Side side) {
  std::vector<GoldBead> joined;
  std::map<int, size_t> holder;  // segment -> index in joined
  for (GoldBead& bead : beads) {
    size_t into = joined.size();
    for (const int k : Of(bead, side)) {
      if (const auto it = holder.find(k); it != holder.end()) {
        into = std::min(into, it->second);
      }
    }
    if (into == joined.size()) {
      joined.push_back(std::move(bead));
    } else {
      for (const Side each : kSides) {
        std::vector<int>& all = Of(joined[into], each);
        all.insert(all.end(), Of(bead, each).begin(), Of(bead, each).end());
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
      }
    }
    for (const int k : Of(joined[into], side)) holder[k] = into;
  }
  return joined;
}

// Until no two beads share one.
std::vector<GoldBead> JoinedBySharing(std::vector<GoldBead> beads, Side side) {
  for (size_t before = beads.size() + 1; beads.size() < before;) {
    before = beads.size();
    beads = JoinedOnce(std::move(beads), side);
  }
  return beads;
}

GoldDocument Apply(GoldDocument document, Side side, Recut recut) {
  Of(document, side).segments = std::move(recut.segments);
  std::vector<GoldBead> beads;
  for (GoldBead& bead : document.beads) {
    std::vector<int> now;
    for (const int k : Of(bead, side)) {
      const std::vector<int>& places = recut.now[static_cast<size_t>(k)];
      now.insert(now.end(), places.begin(), places.end());
    }
    std::sort(now.begin(), now.end());
    now.erase(std::unique(now.begin(), now.end()), now.end());
    Of(bead, side) = std::move(now);
    if (!bead.chinese.empty() || !bead.english.empty()) {
      beads.push_back(std::move(bead));
    }
  }
  document.beads = JoinedBySharing(std::move(beads), side);
  return document;
}

// `count` of `candidates`, as a mask of `size`.
std::vector<bool> Choose(std::vector<size_t> candidates, size_t count,
                         size_t size, std::mt19937& random) {
  std::vector<bool> chosen(size, false);
  count = std::min(count, candidates.size());
  for (size_t k = 0; k < count; ++k) {
    std::swap(candidates[k],
              candidates[k + random() % (candidates.size() - k)]);
    chosen[candidates[k]] = true;
  }
  return chosen;
}

size_t CountOf(double share, size_t size) {
  return static_cast<size_t>(std::lround(share * static_cast<double>(size)));
}

std::vector<size_t> UpTo(size_t size) {
  std::vector<size_t> all(size);
  std::iota(all.begin(), all.end(), size_t{0});
  return all;
}

Recut Without(const std::vector<Segment>& segments,
              const std::vector<bool>& dropped) {
  Recut recut;
  for (size_t k = 0; k < segments.size(); ++k) {
    recut.now.emplace_back();
    if (dropped[k]) continue;
    recut.now.back().push_back(static_cast<int>(recut.segments.size()));
    recut.segments.push_back(segments[k]);
  }
  return recut;
}

Recut Merged(const Transcript& transcript, double share, std::mt19937& random) {
  const std::vector<Segment>& segments = transcript.segments;
  const std::vector<bool> chosen =
      Choose(UpTo(std::max<size_t>(segments.size(), 1) - 1),
             CountOf(share, segments.size()), segments.size(), random);
  const bool chinese = transcript.language == text::Language::kChinese;
  Recut recut;
  for (size_t k = 0; k < segments.size(); ++k) {
    if (k > 0 && chosen[k - 1]) {
      absl::StrAppend(&recut.segments.back().text, chinese ? "" : " ",
                      segments[k].text);
    } else {
      recut.segments.push_back(segments[k]);
    }
    recut.now.push_back({static_cast<int>(recut.segments.size()) - 1});
  }
  return recut;
}

// Where a segment can be cut, in bytes: behind a mark between clauses, a few
// characters away from either end.
std::vector<size_t> Cuts(const std::string& text) {
  constexpr std::u32string_view kMarks = U",;:，；：";
  constexpr size_t kLeast = 6;  // bytes
  std::vector<size_t> cuts;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = text::NextCodepoint(text, at);
    const bool ascii = c < 0x80;
    if (kMarks.find(c) == kMarks.npos || (ascii && text[at] != ' ')) continue;
    if (at >= kLeast && at + kLeast <= text.size()) cuts.push_back(at);
  }
  return cuts;
}

Recut Split(const Transcript& transcript, double share, std::mt19937& random) {
  const std::vector<Segment>& segments = transcript.segments;
  std::vector<size_t> candidates;
  for (size_t k = 0; k < segments.size(); ++k) {
    if (!Cuts(segments[k].text).empty()) candidates.push_back(k);
  }
  const std::vector<bool> chosen =
      Choose(std::move(candidates), CountOf(share, segments.size()),
             segments.size(), random);
  Recut recut;
  const auto push = [&](Segment segment, absl::string_view text) {
    segment.text = std::string(absl::StripAsciiWhitespace(text));
    recut.now.back().push_back(static_cast<int>(recut.segments.size()));
    recut.segments.push_back(std::move(segment));
  };
  for (size_t k = 0; k < segments.size(); ++k) {
    recut.now.emplace_back();
    const absl::string_view text = segments[k].text;
    if (!chosen[k]) {
      push(segments[k], text);
      continue;
    }
    const std::vector<size_t> cuts = Cuts(segments[k].text);
    const size_t cut = cuts[random() % cuts.size()];
    push(segments[k], text.substr(0, cut));
    push(segments[k], text.substr(cut));
  }
  return recut;
}

void Garble(Transcript& transcript, double share, std::mt19937& random) {
  std::vector<char32_t> alphabet;
  for (const Segment& segment : transcript.segments) {
    for (const char32_t c : text::Codepoints(segment.text)) {
      if (!text::IsSpace(c)) alphabet.push_back(c);
    }
  }
  if (alphabet.empty()) return;
  const auto any = [&] { return alphabet[random() % alphabet.size()]; };
  for (Segment& segment : transcript.segments) {
    std::string garbled;
    for (const char32_t c : text::Codepoints(segment.text)) {
      const bool hit = !text::IsSpace(c) &&
                       static_cast<double>(random()) < share * 4294967296.0;
      const size_t kind = hit ? random() % 3 : 3;
      if (kind == 1 || kind == 2) text::AppendUtf8(any(), garbled);
      if (kind >= 2) text::AppendUtf8(c, garbled);
    }
    segment.text = std::move(garbled);
  }
}

// Each side cut anew in its turn.
template <typename Cut>
GoldDocument BothSides(GoldDocument document, double share,
                       std::mt19937& random, const Cut& cut) {
  for (const Side side : kSides) {
    Recut recut = cut(Of(document, side), share, random);
    document = Apply(std::move(document), side, std::move(recut));
  }
  return document;
}

}  // namespace

GoldDocument DropSegments(const GoldDocument& document, Side side, double share,
                          std::mt19937& random) {
  const std::vector<Segment>& segments = Of(document, side).segments;
  const std::vector<bool> dropped =
      Choose(UpTo(segments.size()), CountOf(share, segments.size()),
             segments.size(), random);
  return Apply(document, side, Without(segments, dropped));
}

GoldDocument MergeSegments(const GoldDocument& document, double share,
                           std::mt19937& random) {
  return BothSides(document, share, random, Merged);
}

GoldDocument SplitSegments(const GoldDocument& document, double share,
                           std::mt19937& random) {
  return BothSides(document, share, random, Split);
}

GoldDocument GarbleCharacters(const GoldDocument& document, double share,
                              std::mt19937& random) {
  GoldDocument out = document;
  for (const Side side : kSides) Garble(Of(out, side), share, random);
  return out;
}

GoldDocument CutInHalf(const GoldDocument& document, Side side) {
  const std::vector<Segment>& segments = Of(document, side).segments;
  std::vector<bool> dropped(segments.size(), false);
  std::fill(
      dropped.begin() + static_cast<std::ptrdiff_t>((segments.size() + 1) / 2),
      dropped.end(), true);
  return Apply(document, side, Without(segments, dropped));
}

GoldDocument WithExtraHalf(const GoldDocument& document, Side side,
                           const GoldDocument& other) {
  GoldDocument out = document;
  std::vector<Segment>& segments = Of(out, side).segments;
  const std::vector<Segment>& more = Of(other, side).segments;
  const size_t half = std::min(segments.size() / 2, more.size());
  const int turn = segments.empty() ? 0 : segments.back().turn + 1;
  for (size_t k = 0; k < half; ++k) {
    GoldBead alone;
    Of(alone, side).push_back(static_cast<int>(segments.size()));
    out.beads.push_back(std::move(alone));
    segments.push_back(more[k]);
    segments.back().turn += turn;
  }
  return out;
}

GoldDocument Mismatched(const GoldDocument& chinese,
                        const GoldDocument& english) {
  GoldDocument out;
  out.name = absl::StrCat(chinese.name, " against ", english.name);
  out.chinese = chinese.chinese;
  out.english = english.english;
  return out;
}

}  // namespace duilian::bench
