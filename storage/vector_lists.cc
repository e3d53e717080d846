#include "storage/vector_lists.h"

#include <faiss/Clustering.h>
#include <faiss/IndexFlat.h>
#include <faiss/impl/FaissException.h>
#include <faiss/impl/ProductQuantizer.h>
#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <new>
#include <numeric>
#include <thread>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "storage/code_scan.h"
#include "storage/dot_products.h"
#include "storage/processor_clones.h"
#include "storage/work_pieces.h"

namespace duilian::storage {
namespace {

constexpr size_t kBookEntries = 16;
constexpr size_t kMostDimension = 512;
// Numbers that one entry of a book stands for.
constexpr size_t kRoughWidth = 4, kFinerWidth = 2;
constexpr int kCentreRounds = 8;
constexpr int kBookRounds = 10;
constexpr int kMostRowsABook = 1024;  // an entry
constexpr int kSeed = 1234;

// The nearest centre of each vector, for faiss's k-means: Debian builds faiss
// for the oldest processor and with the plainest BLAS.
class NearestCentre : public faiss::IndexFlatIP {
 public:
  NearestCentre(size_t dimension, size_t threads)
      : IndexFlatIP(static_cast<idx_t>(dimension)), threads_(threads) {}

  void search(idx_t rows, const float* vectors, idx_t, float* products,
              idx_t* nearest, const faiss::SearchParameters*) const override {
    const auto size = static_cast<size_t>(d);
    InPieces(static_cast<size_t>(rows), threads_, [&](const WorkPiece& piece) {
      std::vector<float> all(static_cast<size_t>(ntotal));
      for (size_t r = piece.begin; r < piece.end; ++r) {
        DotProducts(vectors + r * size, get_xb(), all.size(), size, all.data());
        const auto best = std::max_element(all.begin(), all.end());
        products[r] = *best;
        nearest[r] = best - all.begin();
      }
    });
  }

 private:
  const size_t threads_;
};

std::vector<float> TrainCentres(absl::Span<const float> sample,
                                size_t dimension, size_t lists,
                                size_t threads) {
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
  NearestCentre index(dimension, threads);
  clustering.train(static_cast<faiss::Index::idx_t>(rows), sample.data(),
                   index);
  return std::vector<float>(clustering.centroids);
}

// [dimension / width, width, 16]: side by side what is compared together.
std::vector<float> TrainBooks(const std::vector<float>& rest, size_t dimension,
                              size_t width) {
  const size_t count = dimension / width;
  faiss::ProductQuantizer quantizer(dimension, count, 4);
  quantizer.cp.niter = kBookRounds;
  quantizer.cp.seed = kSeed;
  quantizer.cp.min_points_per_centroid = 1;
  quantizer.cp.max_points_per_centroid = kMostRowsABook;
  quantizer.train(rest.size() / dimension, rest.data());
  std::vector<float> books(quantizer.centroids.size());
  for (size_t book = 0; book < count; ++book) {
    for (size_t entry = 0; entry < kBookEntries; ++entry) {
      for (size_t d = 0; d < width; ++d) {
        books[(book * width + d) * kBookEntries + entry] =
            quantizer.centroids[(book * kBookEntries + entry) * width + d];
      }
    }
  }
  return books;
}

// Writes for each `width` numbers the nearest entry of their book, two a byte,
// and takes it away from them.
template <size_t kWidth>
inline __attribute__((always_inline)) void EncodeWith(const float* books,
                                                      size_t dimension,
                                                      float* rest,
                                                      uint8_t* code) {
  for (size_t number = 0; number < dimension / kWidth; ++number) {
    const float* book = books + number * kWidth * kBookEntries;
    float* part = rest + number * kWidth;
    float distances[kBookEntries] = {};
    for (size_t d = 0; d < kWidth; ++d) {
      for (size_t entry = 0; entry < kBookEntries; ++entry) {
        const float apart = part[d] - book[d * kBookEntries + entry];
        distances[entry] += apart * apart;
      }
    }
    size_t nearest = 0;
    for (size_t entry = 1; entry < kBookEntries; ++entry) {
      if (distances[entry] < distances[nearest]) nearest = entry;
    }
    for (size_t d = 0; d < kWidth; ++d) {
      part[d] -= book[d * kBookEntries + nearest];
    }
    const auto written = static_cast<uint8_t>(nearest);
    code[number / 2] =
        number % 2 == 0
            ? written
            : static_cast<uint8_t>(code[number / 2] | (written << 4));
  }
}

DUILIAN_PROCESSOR_CLONES
void EncodeRoughly(const float* books, size_t dimension, float* rest,
                   uint8_t* code) {
  EncodeWith<kRoughWidth>(books, dimension, rest, code);
}

DUILIAN_PROCESSOR_CLONES
void EncodeFiner(const float* books, size_t dimension, float* rest,
                 uint8_t* code) {
  EncodeWith<kFinerWidth>(books, dimension, rest, code);
}

// The query's products with all entries of books: [dimension / width, 16].
std::vector<float> ProductsWithBooks(const float* query,
                                     const std::vector<float>& books,
                                     size_t dimension, size_t width) {
  std::vector<float> products(dimension / width * kBookEntries);
  for (size_t d = 0; d < dimension; ++d) {
    float* table = products.data() + d / width * kBookEntries;
    const float* book = books.data() + d * kBookEntries;
    for (size_t entry = 0; entry < kBookEntries; ++entry) {
      table[entry] += query[d] * book[entry];
    }
  }
  return products;
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
  if (dimension == 0 || dimension % 8 != 0 || dimension > kMostDimension) {
    return absl::InvalidArgumentError(absl::StrCat(
        "dimension: ", dimension, " given, multiples of 8 up to ",
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

// Grows by a 32nd, not twofold: there are many lists, and what they keep of a
// vector takes a hundredth of the time to copy so often that it took to make.
template <typename T>
void MakeRoom(size_t size, std::vector<T>& values) {
  if (size > values.capacity()) values.reserve(size + size / 32);
}

// How far along its centre the mean of each list lies, by every `step`th row.
std::vector<float> MeanLengths(absl::Span<const float> sample,
                               const std::vector<float>& centres,
                               size_t dimension, size_t step) {
  const size_t lists = centres.size() / dimension;
  std::vector<double> sums(lists), counts(lists);
  std::vector<float> products(lists);
  double sum = 0, count = 0;
  for (size_t row = 0; row < sample.size() / dimension; row += step) {
    DotProducts(sample.data() + row * dimension, centres.data(), lists,
                dimension, products.data());
    const auto nearest =
        std::max_element(products.begin(), products.end()) - products.begin();
    sums[static_cast<size_t>(nearest)] +=
        products[static_cast<size_t>(nearest)];
    counts[static_cast<size_t>(nearest)] += 1;
    sum += products[static_cast<size_t>(nearest)];
    count += 1;
  }
  std::vector<float> lengths;
  for (size_t list = 0; list < lists; ++list) {
    lengths.push_back(static_cast<float>(
        counts[list] > 0 ? sums[list] / counts[list] : sum / count));
  }
  return lengths;
}

}  // namespace

// Of one that was read first: its score in steps of the tables, and where its
// finer code is.
struct VectorLists::Reading {
  int32_t score = 0;
  SlotId slot = 0;
  uint32_t list = 0, row = 0;

  // A total order, so that the best are the same, whoever read them.
  friend bool operator<(const Reading& a, const Reading& b) {
    return a.score != b.score ? a.score > b.score : a.slot < b.slot;
  }
};

// The best so far, and the score that a better one must reach.
class VectorLists::FirstLook {
 public:
  explicit FirstLook(size_t wanted) : wanted_(wanted) {}

  int32_t floor() const { return floor_; }
  size_t accepted() const { return accepted_; }

  void Add(const Reading& reading) {
    ++accepted_;
    found_.push_back(reading);
    if (found_.size() >= 2 * wanted_ + 64) Prune();
  }

  void AddAll(FirstLook other) {
    accepted_ += other.accepted_;
    found_.insert(found_.end(), other.found_.begin(), other.found_.end());
  }

  std::vector<Reading> Take() && {
    if (found_.size() > wanted_) Prune();
    return std::move(found_);
  }

 private:
  void Prune() {
    const auto last = found_.begin() + static_cast<std::ptrdiff_t>(wanted_ - 1);
    std::nth_element(found_.begin(), last, found_.end());
    floor_ = last->score;
    found_.resize(wanted_);
  }

  size_t wanted_;
  size_t accepted_ = 0;
  int32_t floor_ = std::numeric_limits<int32_t>::min();
  std::vector<Reading> found_;
};

// A query's tables: score = step * (sum of entries + the list's) + base.
struct VectorLists::Query {
  std::vector<uint8_t> tables;  // [dimension / 4, 16]
  std::vector<float> finer;     // [dimension / 4, 256]: two entries' together
  float step = 1;
  float base = 0;
  std::vector<int32_t> means;   // the products with them, in steps
  std::vector<uint32_t> order;  // of the lists, nearest first
};

VectorLists::VectorLists(size_t dimension)
    : dimension_(dimension),
      code_bytes_(dimension / kRoughWidth / 2),
      finer_bytes_(dimension / kFinerWidth / 2) {}

VectorLists::~VectorLists() = default;

uint32_t VectorLists::TakeNearest(const float* vector, float* products,
                                  float* rest) const {
  DotProducts(vector, centres_.data(), lists_.size(), dimension_, products);
  const auto nearest = static_cast<size_t>(
      std::max_element(products, products + lists_.size()) - products);
  const float* centre = centres_.data() + nearest * dimension_;
  for (size_t d = 0; d < dimension_; ++d) {
    rest[d] = vector[d] - lengths_[nearest] * centre[d];
  }
  return static_cast<uint32_t>(nearest);
}

absl::StatusOr<std::unique_ptr<VectorLists>> VectorLists::Train(
    absl::Span<const float> sample, size_t dimension, size_t lists,
    size_t threads) {
  if (absl::Status status = CheckSample(sample.size(), dimension, lists);
      !status.ok()) {
    return status;
  }
  auto made = absl::WrapUnique(new VectorLists(dimension));
  made->lists_.resize(lists);
  absl::Status status = Guarded([&] {
    made->centres_ = TrainCentres(sample, dimension, lists, threads);
    // Of rows from all over the sample.
    const size_t all = sample.size() / dimension;
    const size_t step = all / (kBookEntries * size_t{kMostRowsABook}) + 1;
    made->lengths_ = MeanLengths(sample, made->centres_, dimension, step);
    std::vector<float> rest, products(lists);
    for (size_t row = 0; row < all; row += step) {
      rest.resize(rest.size() + dimension);
      made->TakeNearest(sample.data() + row * dimension, products.data(),
                        &rest[rest.size() - dimension]);
    }
    made->books_ = TrainBooks(rest, dimension, kRoughWidth);
    std::vector<uint8_t> code(made->code_bytes_);
    for (size_t at = 0; at < rest.size(); at += dimension) {
      EncodeRoughly(made->books_.data(), dimension, &rest[at], code.data());
    }
    made->finer_books_ = TrainBooks(rest, dimension, kFinerWidth);
  });
  if (!status.ok()) return status;
  return made;
}

VectorLists::Coded VectorLists::Encode(absl::Span<const float> vectors) const {
  const size_t rows = vectors.size() / dimension_;
  Coded coded;
  coded.lists.resize(rows);
  coded.codes.resize(rows * code_bytes_);
  coded.finer.resize(rows * finer_bytes_);
  std::vector<float> products(lists_.size()), rest(dimension_);
  for (size_t r = 0; r < rows; ++r) {
    coded.lists[r] = TakeNearest(vectors.data() + r * dimension_,
                                 products.data(), rest.data());
    EncodeRoughly(books_.data(), dimension_, rest.data(),
                  coded.codes.data() + r * code_bytes_);
    EncodeFiner(finer_books_.data(), dimension_, rest.data(),
                coded.finer.data() + r * finer_bytes_);
  }
  return coded;
}

void VectorLists::Append(List& list, const uint8_t* code, size_t stride,
                         const uint8_t* finer, SlotId slot) {
  const size_t block_bytes = code_bytes_ * kCodesPerBlock;
  const size_t at = list.slots.size() % kCodesPerBlock;
  if (at == 0) {
    MakeRoom(list.blocks.size() + block_bytes, list.blocks);
    list.blocks.resize(list.blocks.size() + block_bytes);
  }
  uint8_t* block = list.blocks.data() + list.blocks.size() - block_bytes;
  for (size_t byte = 0; byte < code_bytes_; ++byte) {
    block[byte * kCodesPerBlock + at] = code[byte * stride];
  }
  MakeRoom(list.finer.size() + finer_bytes_, list.finer);
  list.finer.insert(list.finer.end(), finer, finer + finer_bytes_);
  MakeRoom(list.slots.size() + 1, list.slots);
  list.slots.push_back(slot);
  ++size_;
}

void VectorLists::Add(const Coded& coded, size_t row, SlotId slot) {
  Append(lists_[coded.lists[row]], coded.codes.data() + row * code_bytes_, 1,
         coded.finer.data() + row * finer_bytes_, slot);
}

std::unique_ptr<VectorLists> VectorLists::Compacted(
    absl::Span<const SlotId> renumbered) const {
  auto made = absl::WrapUnique(new VectorLists(dimension_));
  made->centres_ = centres_;
  made->lengths_ = lengths_;
  made->books_ = books_;
  made->finer_books_ = finer_books_;
  made->lists_.resize(lists_.size());
  for (size_t number = 0; number < lists_.size(); ++number) {
    const List& list = lists_[number];
    const auto kept = static_cast<size_t>(std::count_if(
        list.slots.begin(), list.slots.end(),
        [&](SlotId slot) { return renumbered[slot] != kNoSlot; }));
    made->lists_[number].blocks.reserve((kept + kCodesPerBlock - 1) /
                                        kCodesPerBlock * kCodesPerBlock *
                                        code_bytes_);
    made->lists_[number].finer.reserve(kept * finer_bytes_);
    made->lists_[number].slots.reserve(kept);
    for (size_t row = 0; row < list.slots.size(); ++row) {
      const SlotId slot = renumbered[list.slots[row]];
      if (slot == kNoSlot) continue;
      const size_t block = row / kCodesPerBlock * kCodesPerBlock * code_bytes_;
      made->Append(made->lists_[number],
                   list.blocks.data() + block + row % kCodesPerBlock,
                   kCodesPerBlock, list.finer.data() + row * finer_bytes_,
                   slot);
    }
  }
  return made;
}

VectorLists::Query VectorLists::Prepare(const float* vector) const {
  Query query;
  const std::vector<float> exact =
      ProductsWithBooks(vector, books_, dimension_, kRoughWidth);
  std::vector<float> least;
  float widest = 0;
  for (size_t begin = 0; begin < exact.size(); begin += kBookEntries) {
    const float* table = exact.data() + begin;
    const auto [low, high] = std::minmax_element(table, table + kBookEntries);
    least.push_back(*low);
    widest = std::max(widest, *high - *low);
    query.base += *low;
  }
  query.step = std::max(widest, 1e-9F) / kMaxTableEntry;
  query.tables.resize(exact.size());
  for (size_t i = 0; i < exact.size(); ++i) {
    query.tables[i] = static_cast<uint8_t>(
        std::lround((exact[i] - least[i / kBookEntries]) / query.step));
  }
  const std::vector<float> finer =
      ProductsWithBooks(vector, finer_books_, dimension_, kFinerWidth);
  query.finer.resize(finer_bytes_ * 256);
  for (size_t i = 0; i < query.finer.size(); ++i) {
    const float* two = finer.data() + i / 256 * 2 * kBookEntries;
    query.finer[i] = two[i % 16] + two[kBookEntries + i % 256 / 16];
  }
  std::vector<float> products(lists_.size());
  DotProducts(vector, centres_.data(), lists_.size(), dimension_,
              products.data());
  query.means.resize(lists_.size());
  for (size_t list = 0; list < lists_.size(); ++list) {
    query.means[list] = static_cast<int32_t>(
        std::lround(products[list] * lengths_[list] / query.step));
  }
  query.order.resize(lists_.size());
  std::iota(query.order.begin(), query.order.end(), 0u);
  std::sort(query.order.begin(), query.order.end(),
            [&](uint32_t a, uint32_t b) {
              return std::make_pair(-products[a], a) <
                     std::make_pair(-products[b], b);
            });
  return query;
}

void VectorLists::Read(const VectorSearch& search, const Query& query,
                       uint32_t number, FirstLook& best) const {
  const List& list = lists_[number];
  const size_t count = list.slots.size();
  uint16_t sums[kCodesPerBlock];
  for (size_t begin = 0; begin < count; begin += kCodesPerBlock) {
    ScanBlock(list.blocks.data() + begin * code_bytes_, query.tables.data(),
              code_bytes_, sums);
    const size_t end = std::min(count, begin + kCodesPerBlock);
    for (size_t i = begin; i < end; ++i) {
      const int32_t score = query.means[number] + sums[i - begin];
      if (score < best.floor() || !search.accept(list.slots[i])) continue;
      best.Add({score, list.slots[i], number, static_cast<uint32_t>(i)});
    }
  }
}

VectorLists::FirstLook VectorLists::ReadNearest(const VectorSearch& search,
                                                const Query& query,
                                                IdleThreads& threads) const {
  const size_t wanted = std::max(search.wanted, search.first_look);
  const auto least_read =
      static_cast<size_t>(search.share * static_cast<double>(size_));
  size_t nearest = 0, read = 0;
  while (nearest < query.order.size() && read < least_read) {
    read += lists_[query.order[nearest++]].slots.size();
  }
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<size_t> next = 0;
  absl::Mutex mutex;
  FirstLook all(wanted);
  threads.Share(read / search.vectors_a_thread, [&] {
    const bool may_ask = std::this_thread::get_id() == caller;
    FirstLook best(wanted);
    for (size_t at; (at = next.fetch_add(1)) < nearest;) {
      if (may_ask && search.cancelled && search.cancelled()) next = nearest;
      Read(search, query, query.order[at], best);
    }
    const absl::MutexLock lock(&mutex);
    all.AddAll(std::move(best));
  });
  // Few are accepted: farther ones, too.
  for (; nearest < query.order.size(); ++nearest) {
    if (all.accepted() >= search.wanted) break;
    if (search.cancelled && search.cancelled()) break;
    Read(search, query, query.order[nearest], all);
  }
  return all;
}

std::vector<ScoredSlot> VectorLists::Search(const VectorSearch& search,
                                            IdleThreads& threads) const {
  const Query query = Prepare(search.query);
  const std::vector<Reading> first = ReadNearest(search, query, threads).Take();
  if (search.cancelled && search.cancelled()) return {};
  std::vector<ScoredSlot> found;
  found.reserve(first.size());
  for (const Reading& reading : first) {
    const uint8_t* code =
        lists_[reading.list].finer.data() + reading.row * finer_bytes_;
    float sum = query.base + query.step * static_cast<float>(reading.score);
    for (size_t byte = 0; byte < finer_bytes_; ++byte) {
      sum += query.finer[byte * 256 + code[byte]];
    }
    found.push_back({reading.slot, sum});
  }
  const auto better = [](const ScoredSlot& a, const ScoredSlot& b) {
    return a.score != b.score ? a.score > b.score : a.slot < b.slot;
  };
  const size_t kept = std::min(search.wanted, found.size());
  std::partial_sort(found.begin(),
                    found.begin() + static_cast<std::ptrdiff_t>(kept),
                    found.end(), better);
  found.resize(kept);
  return found;
}

size_t VectorLists::Memory() const {
  size_t bytes = (centres_.capacity() + lengths_.capacity() +
                  books_.capacity() + finer_books_.capacity()) *
                 sizeof(float);
  for (const List& list : lists_) {
    bytes += sizeof(list) + list.blocks.capacity() + list.finer.capacity() +
             list.slots.capacity() * sizeof(SlotId);
  }
  return bytes;
}

void VectorLists::Save(SnapshotWriter& snapshot) const {
  snapshot.Array(centres_);
  snapshot.Array(lengths_);
  snapshot.Array(books_);
  snapshot.Array(finer_books_);
  for (const List& list : lists_) {
    snapshot.Array(list.slots);
    snapshot.Array(list.blocks);
    snapshot.Array(list.finer);
  }
}

std::unique_ptr<VectorLists> VectorLists::Load(SnapshotReader& snapshot,
                                               size_t dimension, size_t slots) {
  if (dimension == 0 || dimension % 8 != 0 || dimension > kMostDimension) {
    return nullptr;
  }
  auto made = absl::WrapUnique(new VectorLists(dimension));
  made->centres_ = snapshot.Array<float>();
  made->lengths_ = snapshot.Array<float>();
  made->books_ = snapshot.Array<float>();
  made->finer_books_ = snapshot.Array<float>();
  if (made->lengths_.empty() ||
      made->centres_.size() != made->lengths_.size() * dimension ||
      made->books_.size() != dimension * kBookEntries ||
      made->finer_books_.size() != dimension * kBookEntries) {
    return nullptr;
  }
  made->lists_.resize(made->lengths_.size());
  for (List& list : made->lists_) {
    list.slots = snapshot.Array<SlotId>();
    list.blocks = snapshot.Array<uint8_t>();
    list.finer = snapshot.Array<uint8_t>();
    const size_t blocks =
        (list.slots.size() + kCodesPerBlock - 1) / kCodesPerBlock;
    const auto known = [&](SlotId slot) { return slot < slots; };
    if (list.blocks.size() != blocks * kCodesPerBlock * made->code_bytes_ ||
        list.finer.size() != list.slots.size() * made->finer_bytes_ ||
        !std::all_of(list.slots.begin(), list.slots.end(), known)) {
      return nullptr;
    }
    made->size_ += list.slots.size();
  }
  if (!snapshot.ok()) return nullptr;
  return made;
}

}  // namespace duilian::storage
