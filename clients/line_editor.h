// Editing a text on one line of a terminal, when no $EDITOR is named.

#ifndef DUILIAN_CLIENTS_LINE_EDITOR_H_
#define DUILIAN_CLIENTS_LINE_EDITOR_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/keys.h"

namespace duilian::clients {

// The text and a cursor in it. A long text scrolls under a window of one
// line. Pure: keys in, what to print out.
class LineEditor {
 public:
  enum class State { kEditing, kDone, kCancelled };

  // Requires valid UTF-8. The cursor begins behind the text.
  explicit LineEditor(absl::string_view text);

  // Enter is done, Escape (or the end of input) cancels.
  State Handle(const Key& key);

  std::string text() const;

  // Control sequences and text that redraw the line in `columns` columns and
  // leave the terminal's cursor where the editor's is.
  std::string Draw(size_t columns) const;

 private:
  size_t WindowBegin(size_t columns) const;

  std::vector<char32_t> characters_;
  size_t cursor_ = 0;
};

}  // namespace duilian::clients

#endif  // DUILIAN_CLIENTS_LINE_EDITOR_H_
