#ifndef DUILIAN_STORAGE_PACKING_H_
#define DUILIAN_STORAGE_PACKING_H_

namespace duilian::storage {

// How the bytes of a snapshot lie on the disk. They are read alike.
enum class Packing {
  // What is new as it is, beside what an earlier snapshot has written: the
  // soonest saved.
  kQuick,
  // All as it is: the soonest read.
  kUnpacked,
  // Quickly, then all packed by Zstandard where it lies on the disk.
  kSmall,
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PACKING_H_
