#include "bench/gold_set.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "aligner/pack.h"

namespace duilian::bench {
namespace {

using aligner::Model;
using aligner::PackView;
using aligner::training::FittingDocument;
using aligner::training::GoldBead;
using aligner::training::GoldDocument;
using aligner::training::GoldFiles;

absl::StatusOr<std::vector<GoldFiles>> Files(const std::string& data) {
  std::vector<GoldFiles> files;
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(data + "/mac-dev/zh", error)) {
    const std::string name = entry.path().filename();
    files.push_back({"mac-dev " + name, data + "/mac-dev/zh/" + name,
                     data + "/mac-dev/en/" + name,
                     data + "/mac-dev/gold/" + name + ".align"});
  }
  if (error) {
    return absl::NotFoundError(
        absl::StrCat(data, "/mac-dev/zh: ", error.message(),
                     "; give the folder that holds interview/ and mac-dev/"));
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  files.push_back({"interview", data + "/interview/zh.lines.txt",
                   data + "/interview/en.lines.txt",
                   data + "/interview/dev.align"});
  return files;
}

// A file that is deleted with the object.
class TemporaryFile {
 public:
  TemporaryFile()
      : path_(std::filesystem::temp_directory_path() / "duilian.XXXXXX") {
    const int file = mkstemp(path_.data());
    made_ = file >= 0;
    if (made_) close(file);
  }
  ~TemporaryFile() {
    if (made_) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }
  bool Write(const std::string& bytes) const {
    std::ofstream out(path_, std::ios::binary);
    out << bytes;
    return made_ && out.flush().good();
  }

 private:
  std::string path_;
  bool made_ = false;
};

}  // namespace

absl::StatusOr<GoldSet> ReadGoldSet(const std::string& data,
                                    const std::string& model) {
  GoldSet set;
  // Its own weights are not asked for: a base pack has none.
  auto pack = PackView::Map(model);
  if (!pack.ok()) return pack.status();
  auto loaded = Model::FromPack(*std::move(pack), model);
  if (!loaded.ok()) return loaded.status();
  set.model = *std::move(loaded);
  const auto all = Files(data);
  if (!all.ok()) return all.status();
  for (const GoldFiles& files : *all) {
    auto document = aligner::training::ReadGold(files);
    if (!document.ok()) return document.status();
    set.gold.push_back(std::make_unique<GoldDocument>(*std::move(document)));
  }
  return set;
}

FittingDocuments FeaturesOf(const GoldSet& set) {
  FittingDocuments documents;
  for (const auto& gold : set.gold) {
    documents.push_back(std::make_unique<FittingDocument>(*set.model, *gold));
  }
  return documents;
}

std::vector<double> WeightsWithout(
    const FittingDocuments& documents, size_t left_out,
    const aligner::training::BeadOptions& options) {
  std::vector<FittingDocument*> others;
  for (size_t d = 0; d < documents.size(); ++d) {
    if (d != left_out) others.push_back(documents[d].get());
  }
  return aligner::training::FitBeadWeights(others, options);
}

absl::StatusOr<std::unique_ptr<const Model>> WithWeights(
    const Model& model, absl::Span<const double> weights) {
  aligner::PackContents contents = aligner::CopyPack(model.pack());
  contents.bead_weights.assign(weights.begin(), weights.end());
  const TemporaryFile file;
  if (!file.Write(aligner::SerializePack(contents))) {
    return absl::UnavailableError(absl::StrCat(
        file.path(), ": cannot be written; free some space there"));
  }
  auto pack = PackView::Map(file.path());
  if (!pack.ok()) return pack.status();
  return Model::FromPack(*std::move(pack), file.path());
}

std::vector<GoldBead> ToBeads(
    const std::vector<aligner::LatticeBead>& decoded) {
  std::vector<GoldBead> beads;
  for (const aligner::LatticeBead& bead : decoded) {
    GoldBead gold;
    const auto& type = aligner::kTypes[static_cast<size_t>(bead.type)];
    for (int k = 0; k < type.chinese; ++k) gold.chinese.push_back(bead.i + k);
    for (int k = 0; k < type.english; ++k) gold.english.push_back(bead.j + k);
    beads.push_back(gold);
  }
  return beads;
}

}  // namespace duilian::bench
