#include "aligner/training/provenance.h"

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace duilian::aligner::training {
namespace {

using Json = nlohmann::ordered_json;

absl::StatusOr<Json> Parse(absl::string_view meta) {
  Json json = Json::parse(meta.begin(), meta.end(), /*cb=*/nullptr,
                          /*allow_exceptions=*/false);
  if (!json.is_object() ||
      (json.contains("scores") && !json["scores"].is_object())) {
    return absl::DataLossError(
        absl::StrCat("the pack's provenance, ", meta.size(),
                     " bytes, is no JSON object; make the base pack again with "
                     "duilian-train base"));
  }
  return json;
}

// As printed, and the same bytes for what differs in its last bits.
double Rounded(double score) { return std::round(score * 1e4) / 1e4; }

std::string Hex(uint32_t crc32) { return absl::StrFormat("%08x", crc32); }

// Folders are the trainer's own affair.
std::string FileName(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

Json ScoreOf(const AlignmentScore& score) {
  return {{"beads", score.gold},
          {"strict_f1", Rounded(score.StrictF1())},
          {"lax_f1", Rounded(score.LaxF1())}};
}

}  // namespace

absl::StatusOr<std::string> WithRetrieval(absl::string_view meta,
                                          absl::Span<const Retrieval> scores) {
  absl::StatusOr<Json> json = Parse(meta);
  if (!json.ok()) return json.status();
  Json list = Json::array();
  for (const Retrieval& score : scores) {
    list.push_back({{"file", FileName(score.file)},
                    {"pairs", score.pairs},
                    {"crc32", Hex(score.crc32)},
                    {"own_nearest", Rounded(score.own_nearest)}});
  }
  (*json)["scores"]["retrieval"] = std::move(list);
  return json->dump(1);
}

absl::StatusOr<std::string> WithGold(
    absl::string_view meta, absl::Span<const GoldDocument* const> gold,
    absl::Span<const AlignmentQuality> scores) {
  absl::StatusOr<Json> json = Parse(meta);
  if (!json.ok()) return json.status();
  Json documents = Json::array(), scored = Json::array();
  AlignmentQuality all;
  for (size_t d = 0; d < gold.size(); ++d) {
    const Json ladder = {{"ladder", FileName(gold[d]->name)}};
    documents.push_back(ladder);
    documents.back()["beads"] = gold[d]->beads.size();
    documents.back()["crc32"] = Hex(gold[d]->crc32);
    if (scores.empty()) continue;
    all.Add(scores[d]);
    scored.push_back(ladder);
    scored.back().update(ScoreOf(scores[d].score));
  }
  (*json)["gold"] = std::move(documents);
  // Other weights' scores would be a lie.
  if (json->contains("scores")) (*json)["scores"].erase("alignment");
  if (!scores.empty()) {
    Json alignment = {{"held_out", "a document at a time"}};
    alignment.update(ScoreOf(all.score));
    alignment["calibration_error"] = Rounded(all.pairs.Error());
    alignment["documents"] = std::move(scored);
    (*json)["scores"]["alignment"] = std::move(alignment);
  }
  return json->dump(1);
}

}  // namespace duilian::aligner::training
