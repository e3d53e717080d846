// One column of the matrix of edit distances, 64 cells in two words; how it
// moves on is told in edit_distance.cc.

#ifndef DUILIAN_STORAGE_EDIT_COLUMN_H_
#define DUILIAN_STORAGE_EDIT_COLUMN_H_

#include <cstdint>

namespace duilian::storage {

// The vertical differences of 64 cells of a column.
struct Column {
  uint64_t plus = ~uint64_t{0};
  uint64_t minus = 0;
};

// Moves a word's column one unit of the text on. `carry` is the horizontal
// difference above the word; returns the one at its bit `bottom`.
inline int Advance(uint64_t equal, int carry, uint64_t bottom, Column& column) {
  const uint64_t vertical = equal | column.minus;
  if (carry < 0) equal |= 1;
  const uint64_t horizontal =
      (((equal & column.plus) + column.plus) ^ column.plus) | equal;
  uint64_t plus = column.minus | ~(horizontal | column.plus);
  uint64_t minus = column.plus & horizontal;
  const int out =
      ((plus & bottom) != 0 ? 1 : 0) - ((minus & bottom) != 0 ? 1 : 0);
  plus <<= 1;
  minus <<= 1;
  if (carry > 0) plus |= 1;
  if (carry < 0) minus |= 1;
  column.plus = minus | ~(vertical | plus);
  column.minus = plus & vertical;
  return out;
}

}  // namespace duilian::storage

#endif  // DUILIAN_STORAGE_EDIT_COLUMN_H_
