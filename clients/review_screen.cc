#include "clients/review_screen.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "clients/pair_output.h"
#include "clients/table.h"

namespace duilian::clients {
namespace {

constexpr size_t kMaxWidth = 100;  // longer lines are hard to read
constexpr char kHelp[] =
    "a accept   r reject   n next (leaves it unreviewed)\n"
    "e edit a side, in $EDITOR or here   s split in two   m merge with the "
    "next pair\n"
    "u undo the last step   h history of the pair   q quit   ? this help\n";

size_t Width(const TerminalTraits& traits) {
  return std::min(traits.columns, kMaxWidth);
}

// A label, then the text wrapped beside it.
std::string Labelled(absl::string_view label, const Cell& text, Style style,
                     const TerminalTraits& traits) {
  const size_t indent = label.size() + 1;
  const size_t room = Width(traits) > indent + 20 ? Width(traits) - indent : 20;
  std::string out;
  bool first = true;
  for (const Cell& line : WrapCell(text, room)) {
    std::string words;
    for (const Glyph& glyph : line) words += glyph.utf8;
    absl::StrAppend(&out,
                    first ? Paint(label, Style::kDim, traits.colour)
                          : std::string(label.size(), ' '),
                    " ", Paint(words, style, traits.colour), "\n");
    first = false;
  }
  return out;
}

std::string Clock(const google::protobuf::Duration& time) {
  const int64_t seconds = time.seconds();
  return absl::StrFormat("%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                         seconds % 60);
}

std::string Attribution(const v1::Pair& pair) {
  std::vector<std::string> parts;
  if (!pair.document().empty()) parts.push_back(ShortName(pair.document()));
  for (const v1::Side* side : {&pair.source(), &pair.target()}) {
    if (!side->speaker().empty() &&
        (parts.empty() || parts.back() != side->speaker())) {
      parts.push_back(side->speaker());
    }
  }
  if (pair.source().has_timestamp()) {
    parts.push_back(Clock(pair.source().timestamp()));
  }
  if (pair.status() != v1::UNREVIEWED) {
    parts.push_back(StatusWord(pair.status()));
  }
  return absl::StrJoin(parts, " · ");
}

std::string DrawSide(absl::string_view label, const v1::Side& side,
                     const TerminalTraits& traits) {
  std::string out;
  const std::string blank(label.size(), ' ');
  if (!side.previous_text().empty()) {
    out += Labelled(blank, MakeCell(side.previous_text()), Style::kDim, traits);
  }
  out += Labelled(label, MakeCell(side.text()), Style::kBold, traits);
  if (!side.next_text().empty()) {
    out += Labelled(blank, MakeCell(side.next_text()), Style::kDim, traits);
  }
  return out;
}

std::string DrawPair(const ReviewSession& session,
                     const TerminalTraits& traits) {
  const ReviewSession::Entry& entry = *session.current();
  const std::string rule(Width(traits), '-');
  std::string out =
      absl::StrCat(Paint(rule, Style::kDim, traits.colour), "\n", "pair ",
                   session.position(), " of ", session.known_length(),
                   session.more_to_come() ? "+" : "", "  ",
                   Printable(ShortName(entry.pair.name())), "  ",
                   Printable(Attribution(entry.pair)), "\n");
  const std::string doubts =
      entry.reasons.empty() ? "none named" : absl::StrJoin(entry.reasons, "; ");
  out += Labelled(
      "doubt",
      MakeCell(absl::StrCat(doubts, " (confidence ",
                            ConfidenceWord(entry.pair.confidence()), ")")),
      Style::kYellow, traits);
  out += DrawSide("   en", entry.pair.source(), traits);
  out += DrawSide("   zh", entry.pair.target(), traits);
  return out;
}

// The pieces between the cuts, each behind the key that cuts before it.
std::string DrawCuts(const ReviewSession& session,
                     const TerminalTraits& traits) {
  const bool source = session.mode() == ReviewMode::kSplitSource;
  const v1::Pair& pair = session.current()->pair;
  const std::string& text =
      source ? pair.source().text() : pair.target().text();
  const std::vector<size_t>& cuts = session.cuts();
  std::string out = absl::StrCat("where does the second part of the ",
                                 source ? "English" : "Chinese", " begin?\n");
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const size_t begin = i == 0 ? 0 : cuts[i - 1];
    const size_t end = i == cuts.size() ? text.size() : cuts[i];
    const char label = i == 0 ? '\0' : CutLabel(i - 1);
    out += Labelled(
        label == '\0' ? "    " : absl::StrCat("  ", std::string(1, label), " "),
        MakeCell(text.substr(begin, end - begin)), Style::kPlain, traits);
  }
  return out;
}

absl::string_view Prompt(ReviewMode mode) {
  switch (mode) {
    case ReviewMode::kPair:
      return "[a]ccept [r]eject [e]dit [s]plit [m]erge [u]ndo [n]ext "
             "[h]istory [q]uit [?] ";
    case ReviewMode::kEditSide:
      return "edit which side: [s]ource (en) or [t]arget (zh)? ";
    case ReviewMode::kSplitSource:
    case ReviewMode::kSplitTarget:
      return "key of the piece, Escape to leave it whole: ";
    case ReviewMode::kHistory:
    case ReviewMode::kHelp:
      return "any key goes back ";
    case ReviewMode::kFinished:
      return "the queue is at its end: [u]ndo, [n] look again, [q]uit ";
    case ReviewMode::kEditText:
    case ReviewMode::kQuit:
      return "";
  }
  return "";
}

std::string TimeWord(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S UTC",
                          absl::FromUnixSeconds(time.seconds()),
                          absl::UTCTimeZone());
}

}  // namespace

std::string TallyLine(const ReviewTally& tally) {
  return absl::StrCat("accepted ", tally.accepted, ", rejected ",
                      tally.rejected, ", edited ", tally.edited, ", split ",
                      tally.split, ", merged ", tally.merged);
}

std::string DrawHistory(const std::vector<v1::PairRevision>& history,
                        const TerminalTraits& traits) {
  std::string out;
  const v1::Pair* before = nullptr;
  for (const v1::PairRevision& revision : history) {
    const v1::Pair& pair = revision.pair();
    absl::StrAppend(
        &out, TimeWord(revision.time()), "  ",
        Paint(Printable(revision.action()), Style::kBold, traits.colour),
        revision.reviewer().empty() ? "" : " by ",
        Printable(revision.reviewer()), "  ", StatusWord(pair.status()), "\n");
    if (before == nullptr || before->source().text() != pair.source().text()) {
      out += Labelled("   en", MakeCell(pair.source().text()), Style::kPlain,
                      traits);
    }
    if (before == nullptr || before->target().text() != pair.target().text()) {
      out += Labelled("   zh", MakeCell(pair.target().text()), Style::kPlain,
                      traits);
    }
    before = &pair;
  }
  return out;
}

std::string DrawReview(const ReviewSession& session,
                       const TerminalTraits& traits) {
  std::string out;
  if (!session.message().empty()) {
    absl::StrAppend(&out, "* ", Printable(session.message()), "\n");
  }
  switch (session.mode()) {
    case ReviewMode::kPair:
      out += DrawPair(session, traits);
      break;
    case ReviewMode::kSplitSource:
    case ReviewMode::kSplitTarget:
      out += DrawCuts(session, traits);
      break;
    case ReviewMode::kHistory:
      out += DrawHistory(session.history(), traits);
      break;
    case ReviewMode::kHelp:
      out += kHelp;
      break;
    case ReviewMode::kFinished:
      absl::StrAppend(&out, TallyLine(session.tally()), "\n");
      break;
    case ReviewMode::kEditSide:
    case ReviewMode::kEditText:
    case ReviewMode::kQuit:
      break;
  }
  absl::StrAppend(&out, Prompt(session.mode()));
  return out;
}

}  // namespace duilian::clients
