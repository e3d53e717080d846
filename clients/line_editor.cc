#include "clients/line_editor.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "clients/terminal.h"
#include "text/utf8.h"

namespace duilian::clients {
namespace {

std::string Shown(char32_t character) {
  std::string utf8;
  text::AppendUtf8(character, utf8);
  return Printable(utf8);
}

size_t Width(char32_t character) {
  return text::DisplayWidth(Shown(character));
}

}  // namespace

LineEditor::LineEditor(absl::string_view text)
    : characters_(text::Codepoints(text)), cursor_(characters_.size()) {}

LineEditor::State LineEditor::Handle(const Key& key) {
  const auto here = characters_.begin() + static_cast<ptrdiff_t>(cursor_);
  switch (key.kind) {
    case KeyKind::kEnter:
      return State::kDone;
    case KeyKind::kEscape:
    case KeyKind::kEndOfInput:
      return State::kCancelled;
    case KeyKind::kCharacter:
      characters_.insert(here, key.character);
      ++cursor_;
      break;
    case KeyKind::kBackspace:
      if (cursor_ == 0) break;
      characters_.erase(here - 1);
      --cursor_;
      break;
    case KeyKind::kDelete:
      if (cursor_ < characters_.size()) characters_.erase(here);
      break;
    case KeyKind::kLeft:
      cursor_ -= std::min<size_t>(cursor_, 1);
      break;
    case KeyKind::kRight:
      cursor_ = std::min(cursor_ + 1, characters_.size());
      break;
    case KeyKind::kHome:
      cursor_ = 0;
      break;
    case KeyKind::kEnd:
      cursor_ = characters_.size();
      break;
    case KeyKind::kOther:
      break;
  }
  return State::kEditing;
}

std::string LineEditor::text() const {
  std::string out;
  for (const char32_t character : characters_) {
    text::AppendUtf8(character, out);
  }
  return out;
}

// As far left as keeps the cursor, and one column for it, inside the window.
size_t LineEditor::WindowBegin(size_t columns) const {
  size_t width = 1;
  size_t begin = cursor_;
  while (begin > 0 && width + Width(characters_[begin - 1]) <= columns) {
    --begin;
    width += Width(characters_[begin]);
  }
  return begin;
}

std::string LineEditor::Draw(size_t columns) const {
  // The last column stays free: writing it would wrap.
  const size_t room = columns > 4 ? columns - 1 : 3;
  const size_t begin = WindowBegin(room);
  std::string line;
  size_t width = 0;
  size_t cursor_column = 0;
  for (size_t i = begin; i < characters_.size(); ++i) {
    if (i == cursor_) cursor_column = width;
    width += Width(characters_[i]);
    if (width > room) break;
    line += Shown(characters_[i]);
  }
  if (cursor_ == characters_.size()) cursor_column = width;
  std::string out = absl::StrCat("\r\x1b[K", line, "\r");
  if (cursor_column > 0) absl::StrAppend(&out, "\x1b[", cursor_column, "C");
  return out;
}

}  // namespace duilian::clients
