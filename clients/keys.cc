#include "clients/keys.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

#include "text/utf8.h"

namespace duilian::clients {
namespace {

constexpr int kEscapeByte = 0x1B;
constexpr int kEscapeWaitMs = 30;

Key FromSequence(const std::string& parameters, int last) {
  switch (last) {
    case 'C':
      return {KeyKind::kRight};
    case 'D':
      return {KeyKind::kLeft};
    case 'H':
      return {KeyKind::kHome};
    case 'F':
      return {KeyKind::kEnd};
    case '~':
      if (parameters == "1" || parameters == "7") return {KeyKind::kHome};
      if (parameters == "4" || parameters == "8") return {KeyKind::kEnd};
      if (parameters == "3") return {KeyKind::kDelete};
      return {KeyKind::kOther};
    default:
      return {KeyKind::kOther};
  }
}

}  // namespace

int KeyReader::NextByte() {
  unsigned char byte = 0;
  ssize_t got;
  do {
    got = read(fd_, &byte, 1);
  } while (got < 0 && errno == EINTR);
  return got == 1 ? byte : -1;
}

bool KeyReader::MoreAtOnce() const {
  pollfd ready = {fd_, POLLIN, 0};
  return poll(&ready, 1, kEscapeWaitMs) == 1;
}

Key KeyReader::Next() {
  const int byte = NextByte();
  if (byte < 0) return {KeyKind::kEndOfInput};
  switch (byte) {
    case kEscapeByte:
      return AfterEscape();
    case '\r':
    case '\n':
      return {KeyKind::kEnter};
    case 0x7F:
    case 0x08:
      return {KeyKind::kBackspace};
    case 0x01:  // ^A
      return {KeyKind::kHome};
    case 0x05:  // ^E
      return {KeyKind::kEnd};
    case 0x04:  // ^D
      return {KeyKind::kEndOfInput};
    default:
      return Utf8(static_cast<unsigned char>(byte));
  }
}

Key KeyReader::AfterEscape() {
  if (!MoreAtOnce()) return {KeyKind::kEscape};
  const int introducer = NextByte();
  if (introducer != '[' && introducer != 'O') return {KeyKind::kOther};
  std::string parameters;
  // ECMA-48: parameters are below '@', the byte that ends it is not.
  for (int byte = NextByte(); byte >= 0; byte = NextByte()) {
    if (byte >= '@') return FromSequence(parameters, byte);
    parameters += static_cast<char>(byte);
  }
  return {KeyKind::kEndOfInput};
}

Key KeyReader::Utf8(unsigned char lead) {
  if (lead < 0x20) return {KeyKind::kOther};
  std::string bytes(1, static_cast<char>(lead));
  const int follow = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
  for (int i = 0; i < follow; ++i) {
    const int byte = NextByte();
    if (byte < 0) return {KeyKind::kEndOfInput};
    bytes += static_cast<char>(byte);
  }
  if (text::FindInvalidUtf8(bytes).has_value()) return {KeyKind::kOther};
  size_t offset = 0;
  const char32_t character = text::NextCodepoint(bytes, offset);
  if (character >= 0x80 && character < 0xA0) return {KeyKind::kOther};
  return {KeyKind::kCharacter, character};
}

char MenuLetter(const Key& key) {
  if (key.kind == KeyKind::kEscape) return static_cast<char>(kEscapeByte);
  if (key.kind == KeyKind::kEnter) return '\n';
  if (key.kind != KeyKind::kCharacter) return 0;
  char32_t c = key.character;
  if (c >= 0xFF01 && c <= 0xFF5E) c -= 0xFEE0;
  return c < 0x80 ? static_cast<char>(c) : '\0';
}

}  // namespace duilian::clients
