// Keys from a terminal in raw mode.

#ifndef DUILIAN_CLIENTS_KEYS_H_
#define DUILIAN_CLIENTS_KEYS_H_

#include <string>

namespace duilian::clients {

enum class KeyKind {
  kCharacter,
  kEnter,
  kEscape,
  kLeft,
  kRight,
  kHome,
  kEnd,
  kBackspace,
  kDelete,
  kOther,       // a function key, or bytes that are not UTF-8
  kEndOfInput,  // the terminal is gone
};

struct Key {
  KeyKind kind = KeyKind::kOther;
  char32_t character = 0;  // of kCharacter; never a control character
  bool operator==(const Key&) const = default;
};

// Reads a descriptor byte by byte. An escape that nothing follows within a
// moment is the Escape key; otherwise it begins a sequence.
class KeyReader {
 public:
  // Borrows the descriptor.
  explicit KeyReader(int fd) : fd_(fd) {}

  // Waits for the next key.
  Key Next();

 private:
  int NextByte();  // -1 at the end
  bool MoreAtOnce() const;
  Key AfterEscape();
  Key Utf8(unsigned char lead);

  int fd_;
};

// The ASCII letter that a key stands for in a menu, 0 when none: full-width
// letters count, since an input method for Chinese is often left on.
char MenuLetter(const Key& key);

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_KEYS_H_
