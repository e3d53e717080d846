#include "bench/quote_quality.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "aligner/prepared_text.h"
#include "aligner/quotes.h"
#include "aligner/training/quote_trainer.h"
#include "text/utf8.h"

namespace duilian::bench {
namespace {

using aligner::Model;
using aligner::SegmentRange;
using aligner::Transcript;
using aligner::training::GoldBead;
using aligner::training::GoldDocument;

// One side of a document and the other, which quotes it.
struct Roles {
  const Transcript& text;
  const Transcript& quoting;
  bool text_is_chinese;

  const std::vector<int>& Place(const GoldBead& bead) const {
    return text_is_chinese ? bead.chinese : bead.english;
  }
  const std::vector<int>& Words(const GoldBead& bead) const {
    return text_is_chinese ? bead.english : bead.chinese;
  }
};

Roles RolesOf(const GoldDocument& document, bool text_is_chinese) {
  return text_is_chinese ? Roles{document.chinese, document.english, true}
                         : Roles{document.english, document.chinese, false};
}

bool IsRun(const std::vector<int>& segments) {
  return !segments.empty() &&
         segments.back() - segments.front() + 1 ==
             static_cast<int>(segments.size()) &&
         segments.size() <= static_cast<size_t>(aligner::kMaxSide);
}

std::string WordsOf(const Transcript& quoting,
                    const std::vector<int>& segments) {
  const bool chinese = quoting.language == text::Language::kChinese;
  std::string words;
  for (const int k : segments) {
    if (!words.empty() && !chinese) words += ' ';
    words += quoting.segments[static_cast<size_t>(k)].text;
  }
  return words;
}

// Nobody quotes "Yes.", and it stands everywhere.
bool IsLongEnough(const std::string& quote, text::Language language) {
  const size_t least = language == text::Language::kChinese ? 8 : 20;
  return text::Codepoints(quote).size() >= least;
}

// Every run of the text that reads as this one does.
std::vector<SegmentRange> SameWords(const Transcript& text,
                                    const SegmentRange& place) {
  const auto words = [&](int k) -> const std::string& {
    return text.segments[static_cast<size_t>(k)].text;
  };
  std::vector<SegmentRange> places;
  const int size = static_cast<int>(text.segments.size());
  for (int at = 0; at + place.size() <= size; ++at) {
    bool same = true;
    for (int k = 0; same && k < place.size(); ++k) {
      same = words(at + k) == words(place.begin + k);
    }
    if (same) places.push_back({at, at + place.size()});
  }
  return places;
}

// About a twelfth of the words, or of the characters that are no marks, is
// missing, and a label stands in front as in a summary.
std::string Edited(const std::string& quote, text::Language language,
                   std::mt19937& random) {
  const auto missing = [&] { return random() % 12 == 0; };
  if (language == text::Language::kEnglish) {
    std::string kept = "On this:";
    for (const absl::string_view word : absl::StrSplit(quote, ' ')) {
      if (!missing()) absl::StrAppend(&kept, " ", word);
    }
    return kept;
  }
  std::string kept = "谈这件事：";
  for (const char32_t c : text::Codepoints(quote)) {
    if (text::IsPunctuation(c) || !missing()) text::AppendUtf8(c, kept);
  }
  return kept;
}

// Whether the second bead goes on where the first ends, on both sides.
bool Follows(const Roles& roles, const GoldBead& first,
             const GoldBead& second) {
  const auto next = [](const std::vector<int>& a, const std::vector<int>& b) {
    return IsRun(a) && IsRun(b) && a.back() + 1 == b.front();
  };
  return next(roles.Place(first), roles.Place(second)) &&
         next(roles.Words(first), roles.Words(second));
}

GoldBead Join(GoldBead first, const GoldBead& second) {
  first.chinese.insert(first.chinese.end(), second.chinese.begin(),
                       second.chinese.end());
  first.english.insert(first.english.end(), second.english.begin(),
                       second.english.end());
  return first;
}

// The beads whose words are quoted; the joined ones overlap.
std::vector<GoldBead> QuotedBeads(const GoldDocument& document,
                                  const Roles& roles, QuoteKind kind) {
  std::vector<GoldBead> quoted;
  for (size_t b = 0; b < document.beads.size(); ++b) {
    GoldBead bead = document.beads[b];
    if (kind == QuoteKind::kJoined) {
      if (b + 1 == document.beads.size() ||
          !Follows(roles, bead, document.beads[b + 1])) {
        continue;
      }
      bead = Join(bead, document.beads[b + 1]);
    }
    if (IsRun(roles.Place(bead)) && IsRun(roles.Words(bead))) {
      quoted.push_back(std::move(bead));
    }
  }
  return quoted;
}

// The quotes of one half of the document, to be looked for in the other.
struct HalfText {
  Transcript text;
  std::vector<QuoteCase> cases;
};

HalfText HalfOf(const GoldDocument& document, bool text_is_chinese,
                bool second) {
  const Roles roles = RolesOf(document, text_is_chinese);
  const int middle = static_cast<int>(roles.text.segments.size() / 2);
  HalfText half = {roles.text, {}};
  half.text.segments.assign(roles.text.segments.begin() + (second ? 0 : middle),
                            second ? roles.text.segments.begin() + middle
                                   : roles.text.segments.end());
  for (const GoldBead& bead : QuotedBeads(document, roles, QuoteKind::kWhole)) {
    const std::vector<int>& place = roles.Place(bead);
    const bool here = second ? place.back() < middle : place.front() >= middle;
    const std::string words = WordsOf(roles.quoting, roles.Words(bead));
    const bool again =
        SameWords(roles.text, {place.front(), place.back() + 1}).size() > 1;
    if (here || again || !IsLongEnough(words, roles.quoting.language)) continue;
    half.cases.push_back({words, {}});
  }
  return half;
}

const char* NameOf(QuoteKind kind) {
  switch (kind) {
    case QuoteKind::kWhole:
      return "whole";
    case QuoteKind::kPart:
      return "part of a sentence";
    case QuoteKind::kEdited:
      return "edited";
    case QuoteKind::kJoined:
      return "two beads";
    case QuoteKind::kForeign:
      return "of another document";
    case QuoteKind::kHalf:
      return "of the missing half";
  }
  return "";
}

absl::StatusOr<QuoteScore> ScoreKind(const Model& model,
                                     const GoldDocument& document,
                                     const GoldDocument& other,
                                     bool text_is_chinese, QuoteKind kind) {
  if (kind != QuoteKind::kHalf) {
    return ScoreQuotes(
        model, RolesOf(document, text_is_chinese).text,
        QuotesOfGold(document, other, text_is_chinese, kind, /*seed=*/1));
  }
  QuoteScore score;
  for (const bool second : {false, true}) {
    const HalfText half = HalfOf(document, text_is_chinese, second);
    const auto scored = ScoreQuotes(model, half.text, half.cases);
    if (!scored.ok()) return scored.status();
    score.Add(*scored);
  }
  return score;
}

void PrintScore(QuoteKind kind, const char* set, bool text_is_chinese,
                const QuoteScore& score) {
  const double quotes = std::max(score.quotes, 1);
  std::printf("%-22s %-10s %-9s %6d %7.3f %7.3f %7.3f\n", NameOf(kind), set,
              text_is_chinese ? "en to zh" : "zh to en", score.quotes,
              score.exact / quotes, score.overlapping / quotes,
              score.answered / quotes);
}

}  // namespace

std::vector<QuoteCase> QuotesOfGold(const GoldDocument& document,
                                    const GoldDocument& other,
                                    bool text_is_chinese, QuoteKind kind,
                                    uint32_t seed) {
  const GoldDocument& quoted = kind == QuoteKind::kForeign ? other : document;
  const Roles roles = RolesOf(quoted, text_is_chinese);
  const text::Language language = roles.quoting.language;
  std::mt19937 random(seed);
  std::vector<QuoteCase> cases;
  for (const GoldBead& bead : QuotedBeads(quoted, roles, kind)) {
    const std::vector<int>& place = roles.Place(bead);
    QuoteCase quote = {WordsOf(roles.quoting, roles.Words(bead)), {}};
    if (kind == QuoteKind::kPart) {
      if (place.size() > 1 || roles.Words(bead).size() > 1) continue;
      quote.quote = aligner::training::LongerPart(quote.quote);
    }
    if (!IsLongEnough(quote.quote, language)) continue;
    if (kind == QuoteKind::kEdited) {
      quote.quote = Edited(quote.quote, language, random);
    }
    if (kind != QuoteKind::kForeign) {
      quote.places = SameWords(roles.text, {place.front(), place.back() + 1});
    }
    cases.push_back(std::move(quote));
  }
  return cases;
}

void QuoteScore::Add(const QuoteScore& other) {
  quotes += other.quotes;
  exact += other.exact;
  overlapping += other.overlapping;
  answered += other.answered;
}

absl::StatusOr<QuoteScore> ScoreQuotes(const Model& model,
                                       const Transcript& text,
                                       absl::Span<const QuoteCase> cases) {
  constexpr size_t kAtATime = 10;
  QuoteScore score;
  for (size_t begin = 0; begin < cases.size(); begin += kAtATime) {
    const auto some = cases.subspan(begin, kAtATime);
    std::vector<std::string> quotes;
    for (const QuoteCase& quote : some) quotes.push_back(quote.quote);
    const auto found =
        aligner::AlignQuotes(model, text, quotes, aligner::QuoteOptions());
    if (!found.ok()) return found.status();
    for (size_t q = 0; q < some.size(); ++q) {
      ++score.quotes;
      const auto& places = (*found)[q];
      if (places.empty()) continue;
      ++score.answered;
      const SegmentRange& first = places[0].segments;
      bool exact = false, overlapping = false;
      for (const SegmentRange& place : some[q].places) {
        exact |= place == first;
        overlapping |= place.begin < first.end && first.begin < place.end;
      }
      score.exact += exact;
      score.overlapping += overlapping;
    }
  }
  return score;
}

absl::StatusOr<SummaryQuotes> ReadSummaryQuotes(const std::string& data) {
  const std::string folder = data + "/interview/";
  const auto zh = ReadInterviewLines(data, text::Language::kChinese);
  if (!zh.ok()) return zh.status();
  auto en = ReadInterviewLines(data, text::Language::kEnglish);
  if (!en.ok()) return en.status();
  SummaryQuotes quotes = {*std::move(en), {}};
  const std::string path = folder + "quotes.dev.tsv";
  std::ifstream gold(path);
  if (!gold) return absl::NotFoundError(path + ": no such file");
  int number = 0;
  for (std::string line; std::getline(gold, line);) {
    ++number;
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    const std::vector<std::string> ids = absl::StrSplit(fields.back(), ',');
    int quote = 0, first = 0, last = 0;
    const int chinese = static_cast<int>(zh->segments.size());
    const int english = static_cast<int>(quotes.text.segments.size());
    if (fields.size() != 2 || !absl::SimpleAtoi(fields[0], &quote) ||
        !absl::SimpleAtoi(ids.front(), &first) ||
        !absl::SimpleAtoi(ids.back(), &last) || quote < 0 || quote >= chinese ||
        first < 0 || last < first || last >= english) {
      return absl::DataLossError(absl::StrCat(
          path, " line ", number,
          ": is not a Chinese line, a tab, and English lines with commas "
          "between, counted from 0; correct it"));
    }
    quotes.cases.push_back(
        {zh->segments[static_cast<size_t>(quote)].text, {{first, last + 1}}});
  }
  return quotes;
}

absl::Status PrintQuoteTable(const GoldSet& set, const Models& models) {
  std::printf("%-22s %-10s %-9s %6s %7s %7s %7s\n", "quotes", "set", "",
              "quotes", "exact", "overlap", "answers");
  for (const QuoteKind kind : kQuoteKinds) {
    for (const bool text_is_chinese : {false, true}) {
      QuoteScore novels, interview;
      for (size_t d = 0; d < models.size(); ++d) {
        // A novel gets the interview's quotes, the interview a novel's.
        const size_t other = IsInterview(set, d) ? 0 : set.gold.size() - 1;
        const auto score = ScoreKind(*models[d], *set.gold[d], *set.gold[other],
                                     text_is_chinese, kind);
        if (!score.ok()) return score.status();
        (IsInterview(set, d) ? interview : novels).Add(*score);
      }
      PrintScore(kind, "novels", text_is_chinese, novels);
      PrintScore(kind, "interview", text_is_chinese, interview);
      std::fflush(stdout);
    }
  }
  return absl::OkStatus();
}

}  // namespace duilian::bench
