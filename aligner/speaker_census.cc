#include "aligner/speaker_census.h"

#include <algorithm>
#include <utility>

#include "aligner/turn_openings.h"

namespace duilian::aligner {
namespace {

// Recurring short lines and labels make a style of a document only when they
// are at least one line in so many.
constexpr size_t kLinesPerTurn = 50;
constexpr size_t kFewestTurns = 3;

}  // namespace

void SpeakerCensus::Add(const Line& line) {
  if (!line.timed.empty()) timed_.insert(line.timed);
  if (!line.label.empty()) ++label_counts_[line.label];
  if (!line.lone.empty()) {
    lone_lines_[line.lone].push_back(lone_by_line_.size());
  }
  lone_by_line_.push_back(line.lone);
}

void SpeakerCensus::Decide() {
  for (const absl::string_view name : timed_) {
    lone_speakers_.insert(name);
    labels_.insert(name);
  }
  if (!timed_.empty()) return;
  DecideLone();
  if (lone_speakers_.empty()) DecideLabels();
  for (const absl::string_view name : lone_speakers_) labels_.insert(name);
  for (const absl::string_view name : labels_) lone_speakers_.insert(name);
}

// The commonest short line is a speaker; of the rest, those that do not keep
// standing next to one: a reply ("Sure", 没错) follows its speaker's line at
// once and is followed by the next speaker's.
void SpeakerCensus::DecideLone() {
  std::vector<std::pair<absl::string_view, const std::vector<size_t>*>> names;
  for (const auto& [name, lines] : lone_lines_) {
    if (lines.size() >= 2) names.emplace_back(name, &lines);
  }
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) {
    if (a.second->size() != b.second->size()) {
      return a.second->size() > b.second->size();
    }
    return a.second->front() < b.second->front();
  });
  size_t turns = 0;
  for (const auto& [name, lines] : names) {
    if (!StandsLikeSpeaker(*lines)) continue;
    lone_speakers_.insert(name);
    turns += lines->size();
  }
  const bool style = turns >= kFewestTurns &&
                     turns * kLinesPerTurn >= lone_by_line_.size() &&
                     (lone_speakers_.size() >= 2 || turns > kFewestTurns);
  if (!style) lone_speakers_.clear();
}

bool SpeakerCensus::StandsLikeSpeaker(const std::vector<size_t>& lines) const {
  size_t good = 0;
  for (const size_t line : lines) {
    const bool after_speaker =
        line > 0 && lone_speakers_.contains(lone_by_line_[line - 1]);
    const bool before_words =
        line + 1 < lone_by_line_.size() &&
        !lone_speakers_.contains(lone_by_line_[line + 1]) &&
        lone_by_line_[line + 1] != lone_by_line_[line];
    good += !after_speaker && before_words;
  }
  return good * 2 > lines.size();
}

void SpeakerCensus::DecideLabels() {
  size_t turns = 0, recurring = 0;
  for (const auto& [name, count] : label_counts_) {
    if (count < 2) continue;
    ++recurring;
    turns += count;
  }
  if (recurring < 2 || turns * kLinesPerTurn < lone_by_line_.size()) return;
  for (const auto& [name, count] : label_counts_) {
    // Someone from the audience may speak once.
    const bool latin_name =
        static_cast<unsigned char>(name[0]) < 0x80 && LooksLikeName(name);
    if (count >= 2 || latin_name) labels_.insert(name);
  }
}

}  // namespace duilian::aligner
