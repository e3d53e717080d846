#include "aligner/training/base_trainer.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "aligner/clause_links.h"
#include "aligner/quote_runs.h"
#include "aligner/subword_model.h"
#include "aligner/training/corpus.h"
#include "aligner/training/embedding_trainer.h"
#include "aligner/training/lexicon_trainer.h"
#include "aligner/training/subword_trainer.h"

namespace duilian::aligner::training {
namespace {

struct RawSource {
  Source source;
  std::vector<SentencePair> pairs;
};

absl::StatusOr<std::vector<RawSource>> ReadAll(const BaseOptions& options) {
  absl::StatusOr<std::vector<Source>> list = ReadSourceList(options.sources);
  if (!list.ok()) return list.status();
  std::vector<RawSource> all;
  for (Source& source : *list) {
    if (source.weight == 0) continue;
    absl::StatusOr<std::vector<SentencePair>> pairs =
        ReadPairs(absl::StrCat(options.folder, "/", source.file), source);
    if (!pairs.ok()) return pairs.status();
    all.push_back({source, *std::move(pairs)});
  }
  if (all.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.sources, ": names no source of a weight above 0; list one"));
  }
  return all;
}

// Lines of both languages, thinned as the weights say, for the subwords.
std::vector<std::string> SubwordLines(const std::vector<RawSource>& sources) {
  std::vector<std::string> lines;
  for (const RawSource& raw : sources) {
    const double weight = std::min(1.0, raw.source.weight);
    for (size_t i = 0; i < raw.pairs.size(); ++i) {
      const double at = static_cast<double>(i);
      if (std::floor(at * weight) == std::floor((at + 1) * weight)) continue;
      lines.push_back(raw.pairs[i].chinese);
      lines.push_back(raw.pairs[i].english);
    }
  }
  return lines;
}

EncodedSource Encode(const RawSource& raw, const SubwordModel& subwords,
                     int max_pieces) {
  EncodedSource encoded;
  encoded.source = raw.source;
  for (const SentencePair& pair : raw.pairs) {
    encoded.chinese.Add(subwords, pair.chinese, max_pieces);
    encoded.english.Add(subwords, pair.english, max_pieces);
  }
  return encoded;
}

void Quantise(const Embeddings& embeddings, PackContents& pack) {
  const size_t dim = static_cast<size_t>(embeddings.dim);
  pack.dim = embeddings.dim;
  pack.rows = static_cast<int>(embeddings.values.size() / dim);
  pack.values.reserve(embeddings.values.size());
  for (int r = 0; r < pack.rows; ++r) {
    const float* row = embeddings.values.data() + static_cast<size_t>(r) * dim;
    float top = 1e-9F;
    for (size_t d = 0; d < dim; ++d) top = std::max(top, std::fabs(row[d]));
    const float scale = top / 127;
    pack.scales.push_back(scale);
    for (size_t d = 0; d < dim; ++d) {
      pack.values.push_back(static_cast<int8_t>(std::lround(row[d] / scale)));
    }
  }
}

std::string Provenance(const std::vector<EncodedSource>& corpus,
                       const BaseOptions& options) {
  nlohmann::ordered_json meta;
  meta["name"] = "zh-en";
  meta["vocabulary"] = options.vocabulary;
  meta["dim"] = options.dim;
  meta["epochs"] = options.epochs;
  meta["seed"] = options.seed;
  for (const EncodedSource& encoded : corpus) {
    const Source& source = encoded.source;
    meta["sources"].push_back(
        {{"file", source.file},
         {"origin", source.origin},
         {"licence", source.licence},
         {"pairs", source.pairs},
         {"weight", source.weight},
         {"crc32", absl::StrFormat("%08x", source.crc32)}});
  }
  return meta.dump(1);
}

void Report(const BaseOptions& options, const std::string& line) {
  if (options.report) options.report(line);
}

void TrainLexicons(const std::vector<EncodedSource>& corpus, int vocabulary,
                   PackContents& pack) {
  LexiconOptions options;
  options.vocabulary = vocabulary;
  std::thread other([&] {
    pack.english_lexicon =
        TrainLexicon(corpus, /*covers_chinese=*/false, options);
  });
  pack.chinese_lexicon = TrainLexicon(corpus, /*covers_chinese=*/true, options);
  other.join();
}

}  // namespace

absl::StatusOr<PackContents> TrainBase(const BaseOptions& options) {
  absl::StatusOr<std::vector<RawSource>> raw = ReadAll(options);
  if (!raw.ok()) return raw.status();
  Report(options, absl::StrCat("read ", raw->size(), " sources"));
  PackContents pack;
  std::string error;
  SubwordOptions subword_options;
  subword_options.vocabulary = options.vocabulary;
  pack.subwords = TrainSubwords(SubwordLines(*raw), subword_options, error);
  const std::unique_ptr<SubwordModel> subwords =
      SubwordModel::Parse(pack.subwords);
  if (pack.subwords.empty() || subwords == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("subwords: ", error,
                     "; give more text or ask for a "
                     "smaller vocabulary"));
  }
  std::vector<EncodedSource> corpus;
  for (RawSource& source : *raw) {
    corpus.push_back(Encode(source, *subwords, options.max_pieces));
    source.pairs = {};
  }
  Report(options, "subwords trained, corpus encoded");
  EmbeddingOptions embedding_options;
  embedding_options.dim = options.dim;
  embedding_options.epochs = options.epochs;
  embedding_options.seed = options.seed;
  embedding_options.vocabulary = options.vocabulary;
  int percent = -1;
  embedding_options.progress = [&](double done, double loss) {
    const int now = static_cast<int>(done * 50) * 2;
    if (now == percent) return;
    percent = now;
    Report(options, absl::StrFormat("vectors %d %%, loss %.4f", now, loss));
  };
  Quantise(TrainEmbeddings(corpus, embedding_options), pack);
  TrainLexicons(corpus, options.vocabulary, pack);
  Report(options,
         absl::StrCat("lexicon: ", pack.chinese_lexicon.ids.size(), " and ",
                      pack.english_lexicon.ids.size(), " entries"));
  pack.meta = Provenance(corpus, options);
  pack.bead_weights.assign(kBeadWeights, 0.0F);
  pack.quote_weights.assign(kQuoteWeights, 0.0F);
  return pack;
}

absl::StatusOr<Retrieval> MeasureRetrieval(const PackContents& pack,
                                           const std::string& file) {
  Source source;
  absl::StatusOr<std::vector<SentencePair>> pairs = ReadPairs(file, source);
  if (!pairs.ok()) return pairs.status();
  if (pairs->empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, ": no pair, lines of `zh<TAB>en` accepted; give some"));
  }
  const std::unique_ptr<SubwordModel> subwords =
      SubwordModel::Parse(pack.subwords);
  const size_t dim = static_cast<size_t>(pack.dim);
  const auto embed = [&](const std::string& text) {
    std::vector<int> ids;
    subwords->Encode(text, ids);
    std::vector<float> sum(dim, 0.0F);
    for (const int id : ids) {
      const size_t row = static_cast<size_t>(id);
      for (size_t d = 0; d < dim; ++d) {
        sum[d] +=
            pack.scales[row] * static_cast<float>(pack.values[row * dim + d]);
      }
    }
    float norm = 1e-9F;
    for (const float x : sum) norm += x * x;
    for (float& x : sum) x /= std::sqrt(norm);
    return sum;
  };
  std::vector<std::vector<float>> english;
  for (const SentencePair& pair : *pairs)
    english.push_back(embed(pair.english));
  size_t right = 0;
  for (size_t i = 0; i < pairs->size(); ++i) {
    const std::vector<float> chinese = embed((*pairs)[i].chinese);
    size_t best = 0;
    float best_dot = -2;
    for (size_t j = 0; j < english.size(); ++j) {
      float dot = 0;
      for (size_t d = 0; d < dim; ++d) dot += chinese[d] * english[j][d];
      if (dot > best_dot) best_dot = dot, best = j;
    }
    right += best == i || (*pairs)[best].english == (*pairs)[i].english;
  }
  return Retrieval{
      file, source.pairs, source.crc32,
      static_cast<double>(right) / static_cast<double>(pairs->size())};
}

}  // namespace duilian::aligner::training
