#ifndef DUILIAN_STORAGE_PACKING_H_
#define DUILIAN_STORAGE_PACKING_H_

namespace duilian::storage {

// How the bytes of a snapshot lie in its file. They are read alike.
enum class Packing {
  kQuick,  // as they are
  kSmall,  // by Zstandard, at its quickest, where that gains
};

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_PACKING_H_
