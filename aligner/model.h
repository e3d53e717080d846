#ifndef DUILIAN_ALIGNER_MODEL_H_
#define DUILIAN_ALIGNER_MODEL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace duilian::aligner {

class PackView;
class Simplifier;
class SubwordModel;

// A loaded model pack: subwords, their vectors, a lexicon, the bead weights.
// Immutable and thread-safe after Load. The vectors and the lexicon stay in
// the mapped file; docs/model.md describes it.
class Model {
 public:
  // Maps and checks the pack (every section has a CRC-32).
  // kNotFound: no such file. kDataLoss: not a pack, truncated, or a checksum
  // failed. kFailedPrecondition: made for a newer release. Each message names
  // the path and what to do.
  static absl::StatusOr<std::unique_ptr<const Model>> Load(
      const std::string& path);
  // The same of a pack that is mapped already; its bead weights, which may
  // have to be fitted yet, are not looked at. `path` is for messages.
  static absl::StatusOr<std::unique_ptr<const Model>> FromPack(
      std::unique_ptr<PackView> pack, const std::string& path);
  ~Model();

  // Name and hash of the pack, e.g. "zh-en-1-5f3a09c2".
  absl::string_view version() const { return version_; }
  // JSON: sources, licences, counts, hashes, scores.
  absl::string_view provenance() const;

  const SubwordModel& subwords() const { return *subwords_; }
  const PackView& pack() const { return *pack_; }
  // Converts Traditional Chinese before it is compared with the pack.
  const Simplifier& simplifier() const { return *simplifier_; }

 private:
  Model();
  std::string version_;
  std::unique_ptr<PackView> pack_;
  std::unique_ptr<SubwordModel> subwords_;
  std::unique_ptr<const Simplifier> simplifier_;
};

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_MODEL_H_
