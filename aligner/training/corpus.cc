#include "aligner/training/corpus.h"

#include <zlib.h>

#include <fstream>
#include <memory>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "text/utf8.h"

namespace duilian::aligner::training {
namespace {

// Reads lines of a plain or gzipped file.
class LineReader {
 public:
  explicit LineReader(const std::string& path)
      : file_(gzopen(path.c_str(), "rb"), &gzclose) {
    if (file_) gzbuffer(file_.get(), 1 << 20);
  }
  bool opened() const { return file_ != nullptr; }

  bool Next(std::string& line) {
    line.clear();
    char buffer[1 << 14];
    while (gzgets(file_.get(), buffer, sizeof(buffer)) != nullptr) {
      line += buffer;
      if (!line.empty() && line.back() == '\n') {
        line.pop_back();
        return true;
      }
    }
    return !line.empty();
  }

  bool broken() const {
    int code = Z_OK;
    gzerror(file_.get(), &code);
    return code != Z_OK && code != Z_STREAM_END;
  }

 private:
  std::unique_ptr<gzFile_s, decltype(&gzclose)> file_;
};

}  // namespace

absl::StatusOr<std::vector<Source>> ReadSourceList(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    return absl::NotFoundError(
        absl::StrCat(path, ": cannot be read; give a list of sources"));
  }
  std::vector<Source> sources;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (number == 1 || line.empty()) continue;
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    Source source;
    if (fields.size() != 5 || !absl::SimpleAtod(fields[1], &source.weight) ||
        source.weight < 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, " line ", number, ": '", line,
          "' is not file, weight, ordered (yes or no), licence, origin "
          "with TABs between"));
    }
    source.file = fields[0];
    source.ordered = fields[2] == "yes";
    source.licence = fields[3];
    source.origin = fields[4];
    sources.push_back(std::move(source));
  }
  return sources;
}

absl::StatusOr<std::vector<SentencePair>> ReadPairs(const std::string& path,
                                                    Source& source) {
  LineReader reader(path);
  if (!reader.opened()) {
    return absl::NotFoundError(
        absl::StrCat(path, ": cannot be read; check the list of sources"));
  }
  std::vector<SentencePair> pairs;
  uLong crc = crc32(0, nullptr, 0);
  for (std::string line; reader.Next(line);) {
    crc = crc32(crc, reinterpret_cast<const Bytef*>(line.data()),
                static_cast<uInt>(line.size()));
    const size_t tab = line.find('\t');
    if (tab == std::string::npos || tab == 0 || tab + 1 == line.size())
      continue;
    if (text::FindInvalidUtf8(line)) continue;
    pairs.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  if (reader.broken()) {
    return absl::DataLossError(
        absl::StrCat(path, ": broken gzip stream; fetch the file again"));
  }
  source.pairs = static_cast<int64_t>(pairs.size());
  source.crc32 = static_cast<uint32_t>(crc);
  return pairs;
}

void PieceTable::Add(const SubwordModel& subwords, const std::string& text,
                     int max_pieces) {
  std::vector<int> ids;
  subwords.Encode(text, ids);
  if (ids.size() > static_cast<size_t>(max_pieces)) {
    ids.resize(static_cast<size_t>(max_pieces));
  }
  for (const int id : ids) pieces_.push_back(static_cast<uint16_t>(id));
  ends_.push_back(pieces_.size());
}

}  // namespace duilian::aligner::training
