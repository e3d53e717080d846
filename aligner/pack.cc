#include "aligner/pack.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <bit>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace duilian::aligner {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the pack is mapped as little-endian numbers");

constexpr absl::string_view kMagic = "DUILPACK";
constexpr size_t kPreludeBytes = 16;
constexpr size_t kEntryBytes = 24;
constexpr size_t kAlignment = 64;
constexpr absl::string_view kTags[] = {"META", "SUBW", "EMBD", "LEXZ",
                                       "LEXE", "BEAD", "QUOT"};

template <typename T>
T ReadNumber(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(value));
  return value;
}

template <typename T>
void AppendNumber(T value, std::string& out) {
  out.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

template <typename T>
void AppendArray(const std::vector<T>& values, std::string& out) {
  out.append(reinterpret_cast<const char*>(values.data()),
             values.size() * sizeof(T));
}

void Pad(std::string& out) {
  out.resize((out.size() + kAlignment - 1) / kAlignment * kAlignment, '\0');
}

size_t Padded(size_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

uint32_t Crc(absl::string_view bytes) {
  return static_cast<uint32_t>(
      crc32_z(crc32_z(0, nullptr, 0),
              reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

absl::Status Damaged(const std::string& path, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat(path, ": ", what,
                   "; a whole model pack is needed: copy it again, or train "
                   "one with duilian-train"));
}

bool ParseEmbeddings(absl::string_view bytes, EmbeddingView& view) {
  if (bytes.size() < kAlignment) return false;
  const uint64_t rows = ReadNumber<uint32_t>(bytes.data());
  const uint64_t dim = ReadNumber<uint32_t>(bytes.data() + 4);
  if (rows == 0 || rows > 65536 || dim == 0 || dim > 4096) return false;
  const size_t scales = Padded(rows * sizeof(float));
  if (bytes.size() != kAlignment + scales + rows * dim) return false;
  view.rows = static_cast<int>(rows);
  view.dim = static_cast<int>(dim);
  view.scales = reinterpret_cast<const float*>(bytes.data() + kAlignment);
  view.values =
      reinterpret_cast<const int8_t*>(bytes.data() + kAlignment + scales);
  return true;
}

bool ParseLexicon(absl::string_view bytes, LexiconView& view) {
  if (bytes.size() < 8) return false;
  const uint64_t rows = ReadNumber<uint32_t>(bytes.data());
  const uint64_t entries = ReadNumber<uint32_t>(bytes.data() + 4);
  if (rows > 65536 || bytes.size() != 8 + 4 * (rows + 1) + 3 * entries) {
    return false;
  }
  view.rows = static_cast<int>(rows);
  view.starts = reinterpret_cast<const uint32_t*>(bytes.data() + 8);
  view.ids = reinterpret_cast<const uint16_t*>(view.starts + rows + 1);
  view.gains = reinterpret_cast<const uint8_t*>(view.ids + entries);
  if (view.starts[0] != 0 || view.starts[rows] != entries) return false;
  for (uint64_t r = 0; r < rows; ++r) {
    if (view.starts[r] > view.starts[r + 1]) return false;
  }
  return true;
}

bool ParseWeights(absl::string_view bytes, absl::Span<const float>& weights) {
  if (bytes.size() < 4) return false;
  const size_t count = ReadNumber<uint32_t>(bytes.data());
  if (bytes.size() != 4 + 4 * count) return false;
  weights = absl::Span<const float>(
      reinterpret_cast<const float*>(bytes.data() + 4), count);
  return true;
}

std::string WeightSection(const std::vector<float>& weights) {
  std::string out;
  AppendNumber(static_cast<uint32_t>(weights.size()), out);
  AppendArray(weights, out);
  return out;
}

void AppendLexicon(const PackContents::Lexicon& lexicon, std::string& out) {
  AppendNumber(static_cast<uint32_t>(lexicon.starts.size() - 1), out);
  AppendNumber(static_cast<uint32_t>(lexicon.ids.size()), out);
  AppendArray(lexicon.starts, out);
  AppendArray(lexicon.ids, out);
  AppendArray(lexicon.gains, out);
}

std::string EmbeddingSection(const PackContents& contents) {
  std::string out;
  AppendNumber(static_cast<uint32_t>(contents.rows), out);
  AppendNumber(static_cast<uint32_t>(contents.dim), out);
  Pad(out);
  AppendArray(contents.scales, out);
  Pad(out);
  AppendArray(contents.values, out);
  return out;
}

PackContents::Lexicon CopyLexicon(const LexiconView& view) {
  PackContents::Lexicon out;
  const size_t rows = static_cast<size_t>(view.rows);
  out.starts.assign(view.starts, view.starts + rows + 1);
  out.ids.assign(view.ids, view.ids + view.starts[rows]);
  out.gains.assign(view.gains, view.gains + view.starts[rows]);
  return out;
}

}  // namespace

absl::StatusOr<std::unique_ptr<PackView>> PackView::Map(
    const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return absl::NotFoundError(
        absl::StrCat(path, ": ", std::strerror(errno),
                     "; give the path of a model pack, e.g. "
                     "models/zh-en/zh-en.pack"));
  }
  struct stat status = {};
  std::unique_ptr<PackView> pack(new PackView);
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
      status.st_size > 0) {
    pack->size_ = static_cast<size_t>(status.st_size);
    void* mapped = mmap(nullptr, pack->size_, PROT_READ, MAP_PRIVATE, file, 0);
    if (mapped != MAP_FAILED) pack->mapped_ = static_cast<const char*>(mapped);
  }
  close(file);
  if (pack->mapped_ == nullptr) return Damaged(path, "not a file with content");
  if (absl::Status parsed = pack->Parse(path); !parsed.ok()) return parsed;
  return pack;
}

PackView::~PackView() {
  if (mapped_ != nullptr) munmap(const_cast<char*>(mapped_), size_);
}

absl::Status PackView::Parse(const std::string& path) {
  const absl::string_view all(mapped_, size_);
  if (all.size() < kPreludeBytes || all.substr(0, 8) != kMagic) {
    return Damaged(path, "not a model pack");
  }
  const uint32_t format = ReadNumber<uint32_t>(mapped_ + 8);
  if (format != kPackFormat) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, ": a model pack of format ", format, "; this release reads ",
        kPackFormat, ": use the release that made it, or train it again"));
  }
  const uint32_t sections = ReadNumber<uint32_t>(mapped_ + 12);
  const size_t table_end = kPreludeBytes + size_t{sections} * kEntryBytes;
  if (sections != std::size(kTags) || all.size() < table_end + 4 ||
      Crc(all.substr(0, table_end)) !=
          ReadNumber<uint32_t>(mapped_ + table_end)) {
    return Damaged(path, "its table of sections is damaged");
  }
  fingerprint_ = ReadNumber<uint32_t>(mapped_ + table_end);
  for (size_t s = 0; s < sections; ++s) {
    const char* entry = mapped_ + kPreludeBytes + s * kEntryBytes;
    const uint64_t offset = ReadNumber<uint64_t>(entry + 8);
    const uint64_t size = ReadNumber<uint64_t>(entry + 16);
    if (offset % kAlignment != 0 || offset > all.size() ||
        size > all.size() - offset) {
      return Damaged(
          path, absl::StrCat("truncated: section ", kTags[s],
                             " ends beyond the file's ", all.size(), " bytes"));
    }
    const absl::string_view bytes = all.substr(offset, size);
    if (Crc(bytes) != ReadNumber<uint32_t>(entry + 4)) {
      return Damaged(path, absl::StrCat("the checksum of section ", kTags[s],
                                        " does not match"));
    }
    if (!ParseSection(absl::string_view(entry, 4), bytes).ok()) {
      return Damaged(path, absl::StrCat("section ", kTags[s], " is malformed"));
    }
  }
  if (chinese_lexicon_.rows != embeddings_.rows ||
      english_lexicon_.rows != embeddings_.rows) {
    return Damaged(path, "its sections disagree about the vocabulary");
  }
  return absl::OkStatus();
}

absl::Status PackView::ParseSection(absl::string_view tag,
                                    absl::string_view bytes) {
  bool good = true;
  if (tag == "META") {
    meta_ = bytes;
  } else if (tag == "SUBW") {
    subwords_ = bytes;
  } else if (tag == "EMBD") {
    good = ParseEmbeddings(bytes, embeddings_);
  } else if (tag == "LEXZ") {
    good = ParseLexicon(bytes, chinese_lexicon_);
  } else if (tag == "LEXE") {
    good = ParseLexicon(bytes, english_lexicon_);
  } else if (tag == "BEAD") {
    good = ParseWeights(bytes, bead_weights_);
  } else if (tag == "QUOT") {
    good = ParseWeights(bytes, quote_weights_);
  } else {
    good = false;
  }
  return good ? absl::OkStatus() : absl::DataLossError("malformed");
}

std::string SerializePack(const PackContents& contents) {
  std::string lexz, lexe;
  AppendLexicon(contents.chinese_lexicon, lexz);
  AppendLexicon(contents.english_lexicon, lexe);
  const std::string sections[] = {contents.meta,
                                  contents.subwords,
                                  EmbeddingSection(contents),
                                  lexz,
                                  lexe,
                                  WeightSection(contents.bead_weights),
                                  WeightSection(contents.quote_weights)};
  std::string out(kMagic);
  AppendNumber(kPackFormat, out);
  AppendNumber(static_cast<uint32_t>(std::size(kTags)), out);
  size_t offset =
      Padded(kPreludeBytes + std::size(kTags) * kEntryBytes + sizeof(uint32_t));
  for (size_t s = 0; s < std::size(kTags); ++s) {
    out.append(kTags[s].data(), kTags[s].size());
    AppendNumber(Crc(sections[s]), out);
    AppendNumber(static_cast<uint64_t>(offset), out);
    AppendNumber(static_cast<uint64_t>(sections[s].size()), out);
    offset += Padded(sections[s].size());
  }
  AppendNumber(Crc(out), out);
  for (const std::string& section : sections) {
    Pad(out);
    out += section;
  }
  return out;
}

PackContents CopyPack(const PackView& pack) {
  PackContents out;
  out.meta = std::string(pack.meta());
  out.subwords = std::string(pack.subwords());
  const EmbeddingView& embeddings = pack.embeddings();
  const size_t rows = static_cast<size_t>(embeddings.rows);
  out.rows = embeddings.rows;
  out.dim = embeddings.dim;
  out.scales.assign(embeddings.scales, embeddings.scales + rows);
  out.values.assign(
      embeddings.values,
      embeddings.values + rows * static_cast<size_t>(embeddings.dim));
  out.chinese_lexicon = CopyLexicon(pack.chinese_lexicon());
  out.english_lexicon = CopyLexicon(pack.english_lexicon());
  out.bead_weights.assign(pack.bead_weights().begin(),
                          pack.bead_weights().end());
  out.quote_weights.assign(pack.quote_weights().begin(),
                           pack.quote_weights().end());
  return out;
}

}  // namespace duilian::aligner
