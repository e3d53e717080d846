#include "clients/fake_review_backend.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace duilian::clients {

void FakeReviewBackend::Add(const std::string& name, const std::string& source,
                            const std::string& target) {
  v1::Pair pair;
  pair.set_name(name);
  pair.mutable_source()->set_text(source);
  pair.mutable_target()->set_text(target);
  pair.set_status(v1::UNREVIEWED);
  Store(pair);
  order_.push_back(name);
}

void FakeReviewBackend::ChangeBehindTheBack(const std::string& name) {
  v1::Pair pair = pairs_.at(name);
  pair.mutable_source()->set_text("changed by someone else");
  Store(pair);
}

void FakeReviewBackend::RemoveBehindTheBack(const std::string& name) {
  pairs_.erase(name);
}

void FakeReviewBackend::Store(v1::Pair pair) {
  pair.set_etag(absl::StrCat("e", ++revision_));
  const std::string name = pair.name();
  pairs_[name] = std::move(pair);
}

absl::Status FakeReviewBackend::Check(const v1::Pair& pair) {
  if (!next_failure_.ok()) return std::exchange(next_failure_, absl::Status());
  const auto place = pairs_.find(pair.name());
  if (place == pairs_.end() || place->second.etag() != pair.etag()) {
    return absl::AbortedError(absl::StrCat(pair.name(), " has changed"));
  }
  return absl::OkStatus();
}

void FakeReviewBackend::Remember(const std::vector<std::string>& names) {
  Pairs before;
  for (const std::string& name : names) {
    before[name] = pairs_.contains(name) ? pairs_.at(name) : v1::Pair();
  }
  for (const std::string& name : names) before_[name] = before;
}

absl::StatusOr<v1::ListReviewQueueResponse> FakeReviewBackend::ListQueue(
    const std::string& page_token) {
  ++queue_calls_;
  if (!next_failure_.ok()) return std::exchange(next_failure_, absl::Status());
  size_t begin = 0;
  if (!page_token.empty() && !absl::SimpleAtoi(page_token, &begin)) {
    return absl::InvalidArgumentError("bad page token");
  }
  v1::ListReviewQueueResponse page;
  size_t i = begin;
  for (; i < order_.size() && i < begin + page_size_; ++i) {
    const auto place = pairs_.find(order_[i]);
    if (place == pairs_.end() || place->second.status() != v1::UNREVIEWED) {
      continue;
    }
    *page.add_pairs()->mutable_pair() = place->second;
    page.mutable_pairs()->rbegin()->add_reasons("low confidence");
  }
  if (i < order_.size()) page.set_next_page_token(absl::StrCat(i));
  return page;
}

absl::StatusOr<v1::Pair> FakeReviewBackend::Get(const std::string& name) {
  if (!pairs_.contains(name)) {
    return absl::NotFoundError(absl::StrCat(name, " is not there"));
  }
  return pairs_.at(name);
}

absl::StatusOr<v1::Pair> FakeReviewBackend::Update(
    const v1::Pair& pair, const std::vector<std::string>& mask) {
  if (absl::Status status = Check(pair); !status.ok()) return status;
  Remember({pair.name()});
  v1::Pair changed = pairs_.at(pair.name());
  for (const std::string& path : mask) {
    if (path == "status") changed.set_status(pair.status());
    if (path == "source.text") {
      changed.mutable_source()->set_text(pair.source().text());
    }
    if (path == "target.text") {
      changed.mutable_target()->set_text(pair.target().text());
    }
  }
  Store(changed);
  return pairs_.at(pair.name());
}

absl::StatusOr<v1::SplitPairResponse> FakeReviewBackend::Split(
    const v1::Pair& pair, CutPlace place) {
  if (absl::Status status = Check(pair); !status.ok()) return status;
  v1::Pair first = pairs_.at(pair.name());
  v1::Pair second = first;
  second.set_name(absl::StrCat(pair.name(), "-second"));
  Remember({first.name(), second.name()});
  const auto cut = [](v1::Side& head, v1::Side& tail, int32_t offset) {
    tail.set_text(head.text().substr(static_cast<size_t>(offset)));
    head.mutable_text()->resize(static_cast<size_t>(offset));
  };
  cut(*first.mutable_source(), *second.mutable_source(), place.source);
  cut(*first.mutable_target(), *second.mutable_target(), place.target);
  Store(first);
  Store(second);
  order_.push_back(second.name());
  v1::SplitPairResponse response;
  *response.mutable_first() = pairs_.at(first.name());
  *response.mutable_second() = pairs_.at(second.name());
  return response;
}

absl::StatusOr<v1::Pair> FakeReviewBackend::Merge(
    const std::vector<v1::Pair>& pairs) {
  std::vector<std::string> names;
  for (const v1::Pair& pair : pairs) {
    if (absl::Status status = Check(pair); !status.ok()) return status;
    names.push_back(pair.name());
  }
  Remember(names);
  v1::Pair merged = pairs_.at(names[0]);
  for (size_t i = 1; i < names.size(); ++i) {
    const v1::Pair& next = pairs_.at(names[i]);
    absl::StrAppend(merged.mutable_source()->mutable_text(), " ",
                    next.source().text());
    absl::StrAppend(merged.mutable_target()->mutable_text(),
                    next.target().text());
    pairs_.erase(names[i]);
  }
  Store(merged);
  return pairs_.at(names[0]);
}

absl::StatusOr<std::vector<v1::Pair>> FakeReviewBackend::Undo(
    const v1::Pair& pair) {
  if (absl::Status status = Check(pair); !status.ok()) return status;
  const auto place = before_.find(pair.name());
  if (place == before_.end()) {
    return absl::FailedPreconditionError("nothing to undo");
  }
  const Pairs before = place->second;
  std::vector<std::string> names;
  for (const auto& entry : before) names.push_back(entry.first);
  Remember(names);
  std::vector<v1::Pair> changed;
  for (const auto& [name, state] : before) {
    if (state.name().empty()) {
      changed.push_back(pairs_.at(name));
      pairs_.erase(name);
      continue;
    }
    Store(state);
    changed.push_back(pairs_.at(name));
  }
  return changed;
}

absl::StatusOr<std::vector<v1::PairRevision>> FakeReviewBackend::History(
    const std::string& name) {
  if (!next_failure_.ok()) return std::exchange(next_failure_, absl::Status());
  v1::PairRevision revision;
  *revision.mutable_pair() = pairs_.at(name);
  revision.set_action("import");
  return std::vector<v1::PairRevision>{revision};
}

absl::StatusOr<v1::Pair> FakeReviewBackend::Following(const v1::Pair& pair) {
  auto place = std::find(order_.begin(), order_.end(), pair.name());
  while (place != order_.end() && ++place != order_.end()) {
    if (pairs_.contains(*place)) return pairs_.at(*place);
  }
  return absl::NotFoundError("the last pair of its document");
}

}  // namespace duilian::clients
