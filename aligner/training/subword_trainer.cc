#include "aligner/training/subword_trainer.h"

#include <sentencepiece_trainer.h>

#include <string>
#include <unordered_map>
#include <vector>

namespace duilian::aligner::training {
namespace {

// Every k-th line, so that each source keeps its share.
class SampledLines : public sentencepiece::SentenceIterator {
 public:
  SampledLines(const std::vector<std::string>& lines, size_t max_lines)
      : lines_(lines), stride_(lines.size() / max_lines + 1) {}
  bool done() const override { return at_ >= lines_.size(); }
  void Next() override { at_ += stride_; }
  const std::string& value() const override { return lines_[at_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string>& lines_;
  const size_t stride_;
  size_t at_ = 0;
};

}  // namespace

std::string TrainSubwords(const std::vector<std::string>& lines,
                          const SubwordOptions& options, std::string& error) {
  SampledLines sample(lines, static_cast<size_t>(options.max_lines));
  std::string model;
  const std::unordered_map<std::string, std::string> arguments = {
      {"model_type", "unigram"},
      {"vocab_size", std::to_string(options.vocabulary)},
      {"character_coverage", std::to_string(options.character_coverage)},
      {"normalization_rule_name", "nmt_nfkc_cf"},
      {"byte_fallback", "true"},
      {"split_digits", "true"},
      {"max_sentence_length", "8192"},
      {"num_threads", "2"},
      {"bos_id", "-1"},
      {"eos_id", "-1"},
      {"minloglevel", "1"},
  };
  const auto status =
      sentencepiece::SentencePieceTrainer::Train(arguments, &sample, &model);
  if (!status.ok()) {
    error = status.ToString();
    return "";
  }
  return model;
}

}  // namespace duilian::aligner::training
