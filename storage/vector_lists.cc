#include "storage/vector_lists.h"

#include <faiss/Clustering.h>
#include <faiss/IndexFlat.h>
#include <faiss/impl/FaissException.h>
#include <faiss/impl/ProductQuantizer.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <numeric>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "storage/code_scan.h"
#include "storage/dot_products.h"

namespace duilian::storage {
namespace {

constexpr size_t kBookEntries = 16;
constexpr size_t kMostDimension = 512;  // code_scan.h: 256 pairs of numbers
constexpr int kCentreRounds = 8;
constexpr int kBookRounds = 10;
constexpr int kMostRowsABook = 1024;  // an entry
constexpr int kSeed = 1234;

// The nearest centre of each vector, for faiss's k-means: Debian builds faiss
// for the oldest processor and with the plainest BLAS.
class NearestCentre : public faiss::IndexFlatIP {
 public:
  explicit NearestCentre(size_t dimension)
      : IndexFlatIP(static_cast<idx_t>(dimension)) {}

  void search(idx_t rows, const float* vectors, idx_t, float* products,
              idx_t* nearest, const faiss::SearchParameters*) const override {
    std::vector<float> all(static_cast<size_t>(ntotal));
    for (idx_t r = 0; r < rows; ++r) {
      DotProducts(vectors + r * d, get_xb(), all.size(), static_cast<size_t>(d),
                  all.data());
      const auto best = std::max_element(all.begin(), all.end());
      products[r] = *best;
      nearest[r] = best - all.begin();
    }
  }
};

std::vector<float> TrainCentres(absl::Span<const float> sample,
                                size_t dimension, size_t lists) {
  const size_t rows = sample.size() / dimension;
  faiss::ClusteringParameters parameters;
  parameters.niter = kCentreRounds;
  parameters.spherical = true;
  parameters.seed = kSeed;
  // All rows are used, and no warning is printed.
  parameters.min_points_per_centroid = 1;
  parameters.max_points_per_centroid = static_cast<int>(rows / lists + 1);
  faiss::Clustering clustering(static_cast<int>(dimension),
                               static_cast<int>(lists), parameters);
  NearestCentre index(dimension);
  clustering.train(static_cast<faiss::Index::idx_t>(rows), sample.data(),
                   index);
  return std::vector<float>(clustering.centroids);
}

std::vector<float> TrainBooks(absl::Span<const float> rest, size_t dimension) {
  faiss::ProductQuantizer quantizer(dimension, dimension / 2, 4);
  quantizer.cp.niter = kBookRounds;
  quantizer.cp.seed = kSeed;
  quantizer.cp.min_points_per_centroid = 1;
  quantizer.cp.max_points_per_centroid = kMostRowsABook;
  quantizer.train(
      std::min(rest.size() / dimension, kBookEntries * size_t{kMostRowsABook}),
      rest.data());
  return quantizer.centroids;
}

// What faiss throws, as a status.
template <typename Work>
absl::Status Guarded(Work work) {
  // Of this thread alone: faiss would take every core.
  omp_set_num_threads(1);
  try {
    work();
    return absl::OkStatus();
  } catch (const std::bad_alloc&) {
    return absl::ResourceExhaustedError(
        "faiss: not enough memory to make lists of vectors; free some");
  } catch (const faiss::FaissException& error) {
    return absl::InternalError(absl::StrCat("faiss: ", error.what()));
  }
}

absl::Status CheckSample(size_t numbers, size_t dimension, size_t lists) {
  if (dimension == 0 || dimension % 4 != 0 || dimension > kMostDimension) {
    return absl::InvalidArgumentError(absl::StrCat(
        "dimension: ", dimension, " given, multiples of 4 up to ",
        kMostDimension, " accepted; use a model with such vectors"));
  }
  const size_t least = std::max(lists, kBookEntries);
  if (lists == 0 || numbers / dimension < least) {
    return absl::InvalidArgumentError(
        absl::StrCat("sample: ", numbers / dimension, " vectors given for ",
                     lists, " lists, ", least,
                     " at least accepted; give more, or make fewer lists"));
  }
  return absl::OkStatus();
}

// Grows by an eighth, not twofold: there are many lists.
template <typename T>
void MakeRoom(size_t size, std::vector<T>& values) {
  if (size > values.capacity()) values.reserve(size + size / 8);
}

// The best so far, and the score that a better one must beat.
class Best {
 public:
  explicit Best(size_t wanted) : wanted_(wanted) {}

  int32_t floor() const { return floor_; }
  size_t accepted() const { return accepted_; }

  void Add(SlotId slot, int32_t score) {
    ++accepted_;
    found_.push_back({score, slot});
    if (found_.size() >= 2 * wanted_ + 64) Prune();
  }

  std::vector<std::pair<int32_t, SlotId>> Take() && {
    const auto order = [](const auto& a, const auto& b) {
      return std::make_pair(-a.first, a.second) <
             std::make_pair(-b.first, b.second);
    };
    std::sort(found_.begin(), found_.end(), order);
    if (found_.size() > wanted_) found_.resize(wanted_);
    return std::move(found_);
  }

 private:
  void Prune() {
    const auto last = found_.begin() + static_cast<std::ptrdiff_t>(wanted_ - 1);
    std::nth_element(
        found_.begin(), last, found_.end(),
        [](const auto& a, const auto& b) { return a.first > b.first; });
    floor_ = last->first;
    found_.resize(wanted_);
  }

  const size_t wanted_;
  size_t accepted_ = 0;
  int32_t floor_ = std::numeric_limits<int32_t>::min();
  std::vector<std::pair<int32_t, SlotId>> found_;
};

}  // namespace

// A query's tables: score = step * (sum of entries) + base + centre's product.
struct VectorLists::Query {
  std::vector<uint8_t> tables;  // [pairs, 2, 16]
  float step = 1;
  float base = 0;
  std::vector<float> products;  // with the centres
  std::vector<uint32_t> order;  // of the lists, nearest first
};

VectorLists::~VectorLists() = default;

absl::StatusOr<std::unique_ptr<VectorLists>> VectorLists::Train(
    absl::Span<const float> sample, size_t dimension, size_t lists) {
  if (absl::Status status = CheckSample(sample.size(), dimension, lists);
      !status.ok()) {
    return status;
  }
  auto made = absl::WrapUnique(new VectorLists(dimension));
  made->lists_.resize(lists);
  absl::Status status = Guarded([&] {
    made->centres_ = TrainCentres(sample, dimension, lists);
    const size_t rows = std::min(sample.size() / dimension,
                                 kBookEntries * size_t{kMostRowsABook});
    std::vector<float> rest(
        sample.begin(),
        sample.begin() + static_cast<std::ptrdiff_t>(rows * dimension));
    std::vector<float> products(lists);
    for (size_t r = 0; r < rows; ++r) {
      float* row = rest.data() + r * dimension;
      DotProducts(row, made->centres_.data(), lists, dimension,
                  products.data());
      const auto nearest =
          std::max_element(products.begin(), products.end()) - products.begin();
      const float* centre =
          made->centres_.data() + static_cast<size_t>(nearest) * dimension;
      for (size_t d = 0; d < dimension; ++d) row[d] -= centre[d];
    }
    made->books_ = TrainBooks(rest, dimension);
  });
  if (!status.ok()) return status;
  return made;
}

void VectorLists::EncodeRest(const float* rest, uint8_t* code) const {
  for (size_t half = 0; half < 2 * pairs_; ++half) {
    const float* book = books_.data() + half * kBookEntries * 2;
    const float x = rest[2 * half], y = rest[2 * half + 1];
    size_t nearest = 0;
    float least = std::numeric_limits<float>::max();
    for (size_t entry = 0; entry < kBookEntries; ++entry) {
      const float dx = x - book[2 * entry], dy = y - book[2 * entry + 1];
      const float distance = dx * dx + dy * dy;
      if (distance < least) {
        least = distance;
        nearest = entry;
      }
    }
    if (half % 2 == 0) {
      code[half / 2] = static_cast<uint8_t>(nearest);
    } else {
      code[half / 2] = static_cast<uint8_t>(code[half / 2] | (nearest << 4));
    }
  }
}

VectorLists::Coded VectorLists::Encode(absl::Span<const float> vectors) const {
  const size_t rows = vectors.size() / dimension_;
  Coded coded;
  coded.lists.resize(rows);
  coded.codes.resize(rows * pairs_);
  std::vector<float> products(lists_.size()), rest(dimension_);
  for (size_t r = 0; r < rows; ++r) {
    const float* vector = vectors.data() + r * dimension_;
    DotProducts(vector, centres_.data(), lists_.size(), dimension_,
                products.data());
    const auto nearest =
        std::max_element(products.begin(), products.end()) - products.begin();
    coded.lists[r] = static_cast<uint32_t>(nearest);
    const float* centre =
        centres_.data() + static_cast<size_t>(nearest) * dimension_;
    for (size_t d = 0; d < dimension_; ++d) rest[d] = vector[d] - centre[d];
    EncodeRest(rest.data(), coded.codes.data() + r * pairs_);
  }
  return coded;
}

void VectorLists::Add(const Coded& coded, size_t row, SlotId slot) {
  List& list = lists_[coded.lists[row]];
  const size_t at = list.slots.size() % kCodesPerBlock;
  if (at == 0) {
    const size_t size = list.blocks.size() + pairs_ * kCodesPerBlock;
    MakeRoom(size, list.blocks);
    list.blocks.resize(size);
  }
  uint8_t* block =
      list.blocks.data() + list.blocks.size() - pairs_ * kCodesPerBlock;
  for (size_t pair = 0; pair < pairs_; ++pair) {
    block[pair * kCodesPerBlock + at] = coded.codes[row * pairs_ + pair];
  }
  MakeRoom(list.slots.size() + 1, list.slots);
  list.slots.push_back(slot);
  ++size_;
}

VectorLists::Query VectorLists::Prepare(const VectorSearch& search) const {
  const size_t halves = 2 * pairs_;
  std::vector<float> exact(halves * kBookEntries);
  std::vector<float> least(halves);
  Query query;
  float widest = 0;
  for (size_t half = 0; half < halves; ++half) {
    float* table = exact.data() + half * kBookEntries;
    for (size_t entry = 0; entry < kBookEntries; ++entry) {
      const float* book = books_.data() + (half * kBookEntries + entry) * 2;
      table[entry] = search.query[2 * half] * book[0] +
                     search.query[2 * half + 1] * book[1];
    }
    const auto [low, high] = std::minmax_element(table, table + kBookEntries);
    least[half] = *low;
    widest = std::max(widest, *high - *low);
    query.base += *low;
  }
  query.step = std::max(widest, 1e-9F) / kMaxTableEntry;
  query.tables.resize(exact.size());
  for (size_t i = 0; i < exact.size(); ++i) {
    query.tables[i] = static_cast<uint8_t>(
        std::lround((exact[i] - least[i / kBookEntries]) / query.step));
  }
  query.products.resize(lists_.size());
  DotProducts(search.query, centres_.data(), lists_.size(), dimension_,
              query.products.data());
  query.order.resize(lists_.size());
  std::iota(query.order.begin(), query.order.end(), 0u);
  std::sort(query.order.begin(), query.order.end(),
            [&](uint32_t a, uint32_t b) {
              return std::make_pair(-query.products[a], a) <
                     std::make_pair(-query.products[b], b);
            });
  return query;
}

std::vector<ScoredSlot> VectorLists::Search(const VectorSearch& search) const {
  const Query query = Prepare(search);
  const auto least_read =
      static_cast<size_t>(search.share * static_cast<double>(size_));
  Best best(search.wanted);
  size_t read = 0;
  uint16_t sums[kCodesPerBlock];
  for (const uint32_t number : query.order) {
    if (read >= least_read && best.accepted() >= search.wanted) break;
    if (search.cancelled && search.cancelled()) return {};
    const List& list = lists_[number];
    // The centre's product, in steps of the tables.
    const auto bias =
        static_cast<int32_t>(std::lround(query.products[number] / query.step));
    const size_t count = list.slots.size();
    for (size_t begin = 0; begin < count; begin += kCodesPerBlock) {
      ScanBlock(list.blocks.data() + begin * pairs_, query.tables.data(),
                pairs_, sums);
      const size_t end = std::min(count, begin + kCodesPerBlock);
      for (size_t i = begin; i < end; ++i) {
        const int32_t score = bias + sums[i - begin];
        if (score > best.floor() && search.accept(list.slots[i])) {
          best.Add(list.slots[i], score);
        }
      }
    }
    read += count;
  }
  std::vector<ScoredSlot> found;
  for (const auto& [score, slot] : std::move(best).Take()) {
    found.push_back(
        {slot, query.base + query.step * static_cast<float>(score)});
  }
  return found;
}

void VectorLists::Save(SnapshotWriter& snapshot) const {
  snapshot.Array(centres_);
  snapshot.Array(books_);
  for (const List& list : lists_) {
    snapshot.Array(list.slots);
    snapshot.Array(list.blocks);
  }
}

std::unique_ptr<VectorLists> VectorLists::Load(SnapshotReader& snapshot,
                                               size_t dimension, size_t slots) {
  if (dimension == 0 || dimension % 4 != 0 || dimension > kMostDimension) {
    return nullptr;
  }
  auto made = absl::WrapUnique(new VectorLists(dimension));
  made->centres_ = snapshot.Array<float>();
  made->books_ = snapshot.Array<float>();
  if (made->centres_.empty() || made->centres_.size() % dimension != 0 ||
      made->books_.size() != dimension * kBookEntries) {
    return nullptr;
  }
  made->lists_.resize(made->centres_.size() / dimension);
  for (List& list : made->lists_) {
    list.slots = snapshot.Array<SlotId>();
    list.blocks = snapshot.Array<uint8_t>();
    const size_t blocks =
        (list.slots.size() + kCodesPerBlock - 1) / kCodesPerBlock;
    const auto known = [&](SlotId slot) { return slot < slots; };
    if (list.blocks.size() != blocks * kCodesPerBlock * made->pairs_ ||
        !std::all_of(list.slots.begin(), list.slots.end(), known)) {
      return nullptr;
    }
    made->size_ += list.slots.size();
  }
  if (!snapshot.ok()) return nullptr;
  return made;
}

}  // namespace duilian::storage
