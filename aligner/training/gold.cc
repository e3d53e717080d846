#include "aligner/training/gold.h"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace duilian::aligner::training {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return absl::NotFoundError(
        absl::StrCat(path, ": cannot be read; give the gold's three files"));
  }
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}

// Reads `[3, 4]`.
bool ParseSide(absl::string_view side, std::vector<int>& out) {
  side = absl::StripAsciiWhitespace(side);
  if (!absl::ConsumePrefix(&side, "[") || !absl::ConsumeSuffix(&side, "]")) {
    return false;
  }
  for (const absl::string_view number :
       absl::StrSplit(side, ',', absl::SkipWhitespace())) {
    int value = 0;
    if (!absl::SimpleAtoi(number, &value) || value < 0) return false;
    out.push_back(value);
  }
  std::sort(out.begin(), out.end());
  return true;
}

void AddToCrc(absl::string_view bytes, uint32_t& crc) {
  crc = static_cast<uint32_t>(
      crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

absl::StatusOr<std::vector<GoldBead>> ParseLadder(absl::string_view text,
                                                  const std::string& path) {
  std::vector<GoldBead> beads;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    const std::vector<absl::string_view> fields = absl::StrSplit(line, ':');
    GoldBead bead;
    if (fields.size() < 2 || !ParseSide(fields[0], bead.chinese) ||
        !ParseSide(fields[1], bead.english)) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, " line ", number, ": '", line,
                       "' is not a bead such as [3, 4]:[5]"));
    }
    beads.push_back(std::move(bead));
  }
  return beads;
}

void CutBehind(int last, Transcript& transcript) {
  if (static_cast<size_t>(last) + 1 < transcript.segments.size()) {
    transcript.segments.resize(static_cast<size_t>(last) + 1);
  }
}

using Links = std::set<std::pair<int, int>>;

bool Counts(const GoldBead& bead) {
  return !bead.chinese.empty() && !bead.english.empty();
}

Links LinksOf(absl::Span<const GoldBead> beads) {
  Links links;
  for (const GoldBead& bead : beads) {
    for (const int zh : bead.chinese) {
      for (const int en : bead.english) links.emplace(zh, en);
    }
  }
  return links;
}

bool Touches(const GoldBead& bead, const Links& links) {
  for (const int zh : bead.chinese) {
    for (const int en : bead.english) {
      if (links.contains({zh, en})) return true;
    }
  }
  return false;
}

double F1(double precision, double recall) {
  return precision + recall > 0 ? 2 * precision * recall / (precision + recall)
                                : 0.0;
}

double Share(int part, int whole) {
  return whole > 0 ? static_cast<double>(part) / whole : 0.0;
}

}  // namespace

absl::StatusOr<std::vector<GoldBead>> ReadLadder(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  return ParseLadder(*text, path);
}

absl::StatusOr<GoldDocument> ReadGold(const GoldFiles& files) {
  GoldDocument document;
  document.name = files.name;
  const std::pair<const std::string*, Transcript*> sides[] = {
      {&files.chinese, &document.chinese}, {&files.english, &document.english}};
  for (const auto& [path, transcript] : sides) {
    absl::StatusOr<std::string> text = ReadFile(*path);
    if (!text.ok()) return text.status();
    AddToCrc(*text, document.crc32);
    absl::StatusOr<Transcript> read =
        ReadLines(*text,
                  transcript == &document.chinese ? text::Language::kChinese
                                                  : text::Language::kEnglish,
                  ReadLimits());
    if (!read.ok()) return read.status();
    *transcript = *std::move(read);
  }
  const absl::StatusOr<std::string> ladder = ReadFile(files.ladder);
  if (!ladder.ok()) return ladder.status();
  AddToCrc(*ladder, document.crc32);
  absl::StatusOr<std::vector<GoldBead>> beads =
      ParseLadder(*ladder, files.ladder);
  if (!beads.ok()) return beads.status();
  document.beads = *std::move(beads);
  int last_chinese = -1, last_english = -1;
  for (const GoldBead& bead : document.beads) {
    for (const int zh : bead.chinese) last_chinese = std::max(last_chinese, zh);
    for (const int en : bead.english) last_english = std::max(last_english, en);
  }
  CutBehind(last_chinese, document.chinese);
  CutBehind(last_english, document.english);
  return document;
}

double AlignmentScore::StrictF1() const {
  return F1(Share(strict, system), Share(strict, gold));
}

double AlignmentScore::LaxF1() const {
  return F1(Share(lax_system, system), Share(lax_gold, gold));
}

void AlignmentScore::Add(const AlignmentScore& other) {
  system += other.system;
  gold += other.gold;
  strict += other.strict;
  lax_system += other.lax_system;
  lax_gold += other.lax_gold;
}

AlignmentScore Score(absl::Span<const GoldBead> gold,
                     absl::Span<const GoldBead> system) {
  const Links gold_links = LinksOf(gold), system_links = LinksOf(system);
  AlignmentScore score;
  std::set<std::pair<std::vector<int>, std::vector<int>>> wanted;
  for (const GoldBead& bead : gold) {
    if (!Counts(bead)) continue;
    ++score.gold;
    wanted.emplace(bead.chinese, bead.english);
    score.lax_gold += Touches(bead, system_links);
  }
  for (const GoldBead& bead : system) {
    if (!Counts(bead)) continue;
    ++score.system;
    score.strict += wanted.contains({bead.chinese, bead.english});
    score.lax_system += Touches(bead, gold_links);
  }
  return score;
}

std::vector<GoldBead> ToGoldBeads(absl::Span<const Bead> beads,
                                  bool source_is_chinese) {
  std::vector<GoldBead> out;
  for (const Bead& bead : beads) {
    GoldBead gold;
    const SegmentRange& zh = source_is_chinese ? bead.source : bead.target;
    const SegmentRange& en = source_is_chinese ? bead.target : bead.source;
    for (int k = zh.begin; k < zh.end; ++k) gold.chinese.push_back(k);
    for (int k = en.begin; k < en.end; ++k) gold.english.push_back(k);
    out.push_back(std::move(gold));
  }
  return out;
}

}  // namespace duilian::aligner::training
