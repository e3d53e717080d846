#include "aligner/prepared_text.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aligner/dot.h"
#include "aligner/numbers.h"
#include "aligner/pack.h"
#include "aligner/subword_model.h"
#include "text/utf8.h"

namespace duilian::aligner {
namespace {

using text::Language;

void AddVector(const PackView& pack, const uint16_t* begin, const uint16_t* end,
               float* sum) {
  const EmbeddingView& embeddings = pack.embeddings();
  for (const uint16_t* piece = begin; piece != end; ++piece) {
    AddScaled(embeddings.scales[*piece],
              embeddings.values + static_cast<size_t>(*piece) *
                                      static_cast<size_t>(embeddings.dim),
              sum, embeddings.dim);
  }
}

bool IsQuoteMark(char32_t c) {
  return c == '"' || c == 0x201C || c == 0x201D || c == 0x300C || c == 0x300D ||
         c == 0x300E || c == 0x300F || c == 0x2018 || c == 0x2019 || c == '\'';
}

bool IsClosing(char32_t c) {
  return IsQuoteMark(c) || c == ')' || c == 0xFF09 || c == ']' || c == 0x300B;
}

uint16_t FinalMarks(const std::vector<char32_t>& codepoints) {
  uint16_t marks = kNoFinal;
  size_t seen = 0;
  for (size_t i = codepoints.size(); i-- > 0 && seen < 4;) {
    const char32_t c = codepoints[i];
    if (text::IsSpace(c)) continue;
    ++seen;
    if (IsQuoteMark(c)) {
      marks |= kClosesQuote;
    } else if (c == '?' || c == 0xFF1F) {
      marks = static_cast<uint16_t>((marks | kQuestion) & ~kNoFinal);
    } else if (c == '!' || c == 0xFF01) {
      marks = static_cast<uint16_t>((marks | kExclamation) & ~kNoFinal);
    } else if (c == '.' || c == 0x3002 || c == 0x2026 || c == 0xFF0E) {
      marks = static_cast<uint16_t>(marks & ~kNoFinal);
    } else if (!IsClosing(c)) {
      break;
    }
  }
  return marks;
}

uint16_t MarksOf(const Segment& segment, bool turn_start, Language language) {
  const std::vector<char32_t> codepoints = text::Codepoints(segment.text);
  uint16_t marks = FinalMarks(codepoints);
  size_t letters = 0, words = 0;
  bool in_word = false;
  for (const char32_t c : codepoints) {
    const bool space = text::IsSpace(c);
    if (!space && letters == 0 && IsQuoteMark(c)) marks |= kOpensQuote;
    if (!space && !text::IsPunctuation(c)) ++letters;
    if (!space && !in_word) ++words;
    in_word = !space;
  }
  if (letters == 0) marks |= kEmpty;
  const bool is_short =
      language == Language::kChinese ? letters <= 4 : words <= 2;
  if (is_short) marks |= kShort;
  if (segment.kind == SegmentKind::kHeading) marks |= kHeading;
  if (segment.kind == SegmentKind::kFrontMatter) marks |= kFront;
  if (turn_start) marks |= kTurnStart;
  return marks;
}

// Where the first clause of a segment ends and the last one begins, as indices
// of its pieces. Fewer than three pieces are no clause.
void AddClauses(const SubwordModel& subwords, const std::vector<int>& ids,
                PreparedText& out) {
  const int pieces = static_cast<int>(ids.size());
  int first = pieces, last = 0, clauses = 1;
  out.ends_clause.resize(out.ends_clause.size() + ids.size(), 0);
  uint8_t* ends = out.ends_clause.data() + out.ends_clause.size() - ids.size();
  for (int k = 2; k + 2 < pieces; ++k) {
    if (!subwords.EndsClause(ids[static_cast<size_t>(k)])) continue;
    if (first == pieces) first = k + 1;
    last = k + 1;
    ++clauses;
    ends[k] = 1;
  }
  out.first_clause_end.push_back(first);
  out.last_clause_begin.push_back(last);
  out.clauses.push_back(clauses);
}

void Encode(const Model& model, const Transcript& transcript,
            PreparedText& out) {
  std::vector<int> ids;
  out.piece_starts.push_back(0);
  for (const Segment& segment : transcript.segments) {
    ids.clear();
    model.subwords().Encode(
        std::string_view(segment.text.data(), segment.text.size()), ids);
    for (const int id : ids) out.pieces.push_back(static_cast<uint16_t>(id));
    out.piece_starts.push_back(static_cast<uint32_t>(out.pieces.size()));
    AddClauses(model.subwords(), ids, out);
  }
}

void AddPieceWeights(const PackView& pack, PreparedText& out) {
  const EmbeddingView& embeddings = pack.embeddings();
  for (const uint16_t piece : out.pieces) {
    const int8_t* row =
        embeddings.values +
        static_cast<size_t>(piece) * static_cast<size_t>(embeddings.dim);
    int square = 0;
    for (int d = 0; d < embeddings.dim; ++d) square += row[d] * row[d];
    const float length =
        embeddings.scales[piece] * std::sqrt(static_cast<float>(square));
    out.piece_weights.push_back(static_cast<uint8_t>(
        std::clamp(std::round(length * kWeightSteps), 0.0F, 255.0F)));
  }
}

void AddVectors(const Model& model, PreparedText& out) {
  const size_t dim = static_cast<size_t>(out.dim);
  const size_t size = static_cast<size_t>(out.size);
  out.vectors.assign(size * dim, 0.0F);
  out.gram.assign(size * kMaxSide, 0.0F);
  out.mean.assign(dim, 0.0F);
  for (int i = 0; i < out.size; ++i) {
    float* row = out.vectors.data() + static_cast<size_t>(i) * dim;
    AddVector(model.pack(), out.pieces_of(i),
              out.pieces_of(i) + out.piece_count(i), row);
  }
  for (int i = 0; i < out.size; ++i) {
    float* gram = out.gram.data() + static_cast<size_t>(i) * kMaxSide;
    for (int k = 0; k < kMaxSide && i + k < out.size; ++k) {
      gram[k] = Dot(out.vector(i), out.vector(i + k), out.dim);
    }
    const float norm = std::sqrt(std::max(gram[0], 1e-12F));
    for (size_t d = 0; d < dim; ++d) {
      out.mean[d] += out.vector(i)[d] / (norm * static_cast<float>(out.size));
    }
  }
}

void AddBackground(const PreparedText& other, PreparedText& out) {
  for (int i = 0; i < out.size; ++i) {
    const float norm = std::sqrt(
        std::max(out.gram[static_cast<size_t>(i) * kMaxSide], 1e-12F));
    out.background.push_back(Dot(out.vector(i), other.mean.data(), out.dim) /
                             norm);
  }
}

PreparedText PrepareSide(const Model& model, const Transcript& transcript) {
  PreparedText out;
  out.size = static_cast<int>(transcript.segments.size());
  out.dim = model.pack().embeddings().dim;
  Encode(model, transcript, out);
  AddPieceWeights(model.pack(), out);
  AddVectors(model, out);
  out.quotations = CountQuotationMarks(transcript);
  int turn = -1;
  for (const Segment& segment : transcript.segments) {
    out.marks.push_back(
        MarksOf(segment, segment.turn != turn, transcript.language));
    turn = segment.turn;
    float length = 0;
    for (size_t at = 0; at < segment.text.size();) {
      length += !text::IsSpace(text::NextCodepoint(segment.text, at));
    }
    out.length.push_back(length);
  }
  return out;
}

// Words of Latin letters and digits ("gpt-4", "q*" is "q"), lower case.
std::set<std::string> LatinWords(const std::string& segment) {
  std::set<std::string> words;
  std::string word;
  size_t letters = 0;
  const auto finish = [&] {
    while (!word.empty() && (word.back() == '-' || word.back() == '.')) {
      word.pop_back();
    }
    if (letters > 0 && word.size() > 1) words.insert(word);
    word.clear();
    letters = 0;
  };
  for (size_t at = 0; at < segment.size();) {
    const char32_t c = text::NextCodepoint(segment, at);
    if (text::IsLatin(c)) {
      ++letters;
      text::AppendUtf8(c >= 'A' && c <= 'Z' ? c + 32 : c, word);
    } else if (text::IsDigit(c) || (!word.empty() && (c == '-' || c == '.'))) {
      text::AppendUtf8(c, word);
    } else {
      finish();
    }
  }
  finish();
  return words;
}

// What of a segment can stand on both sides, and whether it is a number.
struct Mentions {
  std::set<std::string> words;
  std::map<std::string, bool> numbers;  // value -> only spelled
};

Mentions FindMentions(const Segment& segment, Language language) {
  Mentions mentions;
  mentions.words = LatinWords(segment.text);
  for (const NumberMention& number : FindNumbers(segment.text, language)) {
    const auto [entry, added] = mentions.numbers.try_emplace(
        absl::StrCat("#", number.value), number.spelled);
    if (!added) entry->second = entry->second && number.spelled;
  }
  return mentions;
}

std::vector<Mentions> FindMentions(const Transcript& transcript) {
  std::vector<Mentions> mentions;
  for (const Segment& segment : transcript.segments) {
    mentions.push_back(FindMentions(segment, transcript.language));
  }
  return mentions;
}

using Frequencies = std::unordered_map<std::string, int>;

Frequencies CountMentions(const std::vector<Mentions>& all) {
  Frequencies counts;
  for (const Mentions& mentions : all) {
    for (const std::string& word : mentions.words) ++counts[word];
    for (const auto& [value, spelled] : mentions.numbers) ++counts[value];
  }
  return counts;
}

// Ids agree between the sides: the hash of the string, cut to 31 bits.
SharedToken TokenOf(const std::string& key, bool number, bool spelled,
                    size_t segments, int frequency) {
  SharedToken shared;
  shared.id = static_cast<int>(std::hash<std::string>()(key) & 0x7FFFFFFF);
  const double size = static_cast<double>(segments);
  shared.weight = static_cast<float>(
      std::clamp(std::log((size + 10) / (frequency + 1)) / 5, 0.05, 1.0));
  shared.number = number;
  shared.spelled = spelled;
  return shared;
}

void SortById(std::vector<SharedToken>& tokens) {
  std::sort(
      tokens.begin(), tokens.end(),
      [](const SharedToken& a, const SharedToken& b) { return a.id < b.id; });
}

// Gives both sides the tokens that stand in both.
void AddSharedTokens(const std::vector<Mentions>& all, const Frequencies& own,
                     const Frequencies& other, bool own_is_first,
                     PreparedText& out) {
  const auto token = [&](const std::string& key, bool number, bool spelled) {
    return TokenOf(key, number, spelled, all.size(),
                   own_is_first ? other.at(key) : own.at(key));
  };
  for (const Mentions& mentions : all) {
    std::vector<SharedToken>& tokens = out.tokens.emplace_back();
    for (const std::string& word : mentions.words) {
      if (other.contains(word)) tokens.push_back(token(word, false, false));
    }
    for (const auto& [value, spelled] : mentions.numbers) {
      if (other.contains(value)) tokens.push_back(token(value, true, spelled));
    }
    SortById(tokens);
  }
}

// Gives a side its numbers and, of its Latin words, what may stand in the other
// language: in Chinese all, in English those that the Chinese side has.
void AddTokens(const std::vector<Mentions>& all, Language language,
               const Frequencies& other, size_t segments,
               const Frequencies& in_text, PreparedText& out) {
  const bool english = language == Language::kEnglish;
  out.tokens.clear();
  for (const Mentions& mentions : all) {
    std::vector<SharedToken>& tokens = out.tokens.emplace_back();
    const auto add = [&](const std::string& key, bool number, bool spelled) {
      const auto found = in_text.find(key);
      tokens.push_back(TokenOf(key, number, spelled, segments,
                               found == in_text.end() ? 0 : found->second));
    };
    for (const std::string& word : mentions.words) {
      if (!english || other.contains(word)) add(word, false, english);
    }
    for (const auto& [value, spelled] : mentions.numbers) {
      add(value, true, spelled);
    }
    SortById(tokens);
  }
}

}  // namespace

PreparedPair PrepareQuotes(const Model& model, const Transcript& text,
                           const Transcript& quotes) {
  PreparedText prepared = PrepareSide(model, text);
  PreparedText quoted = PrepareSide(model, quotes);
  AddBackground(prepared, quoted);
  const PreparedText& own = prepared;
  AddBackground(own, prepared);
  const std::vector<Mentions> in_text = FindMentions(text);
  const std::vector<Mentions> in_quotes = FindMentions(quotes);
  const Frequencies counts = CountMentions(in_text);
  AddTokens(in_text, text.language, CountMentions(in_quotes), in_text.size(),
            counts, prepared);
  AddTokens(in_quotes, quotes.language, counts, in_text.size(), counts, quoted);
  if (text.language == Language::kChinese) {
    return {std::move(prepared), std::move(quoted)};
  }
  return {std::move(quoted), std::move(prepared)};
}

std::vector<float> Embed(const Model& model, absl::string_view text) {
  std::vector<int> ids;
  model.subwords().Encode(std::string_view(text.data(), text.size()), ids);
  std::vector<uint16_t> pieces(ids.begin(), ids.end());
  std::vector<float> sum(static_cast<size_t>(model.pack().embeddings().dim));
  AddVector(model.pack(), pieces.data(), pieces.data() + pieces.size(),
            sum.data());
  return sum;
}

PreparedPair Prepare(const Model& model, const Transcript& chinese,
                     const Transcript& english) {
  PreparedPair pair = {PrepareSide(model, chinese),
                       PrepareSide(model, english)};
  AddBackground(pair.english, pair.chinese);
  AddBackground(pair.chinese, pair.english);
  const std::vector<Mentions> zh = FindMentions(chinese);
  const std::vector<Mentions> en = FindMentions(english);
  const Frequencies zh_counts = CountMentions(zh),
                    en_counts = CountMentions(en);
  AddSharedTokens(zh, zh_counts, en_counts, /*own_is_first=*/true,
                  pair.chinese);
  AddSharedTokens(en, en_counts, zh_counts, /*own_is_first=*/false,
                  pair.english);
  return pair;
}

}  // namespace duilian::aligner
