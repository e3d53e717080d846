// Markdown inside a paragraph: what a reader sees, and where it stood.

#ifndef DUILIAN_ALIGNER_MARKUP_H_
#define DUILIAN_ALIGNER_MARKUP_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "text/utf8.h"

namespace duilian::aligner {

// The visible text of a paragraph: links are their texts, images nothing,
// emphasis marks (<i> and its like, too) and backslash escapes gone, and white
// space that holds a line's end one space.
class VisibleText {
 public:
  // Reads whole[paragraph]; offsets are those of `whole`. Requires valid
  // UTF-8. Linear.
  VisibleText(absl::string_view whole, text::ByteSpan paragraph);

  const std::string& text() const { return text_; }

  // Where the bytes [span) of text() stand in the whole. Requires a span that
  // is not empty.
  text::ByteSpan Origin(text::ByteSpan span) const;

  // Bytes of text() that are links, bare addresses among them.
  size_t linked_bytes() const { return linked_bytes_; }
  // True when an address after a link's text does not end.
  bool has_broken_link() const { return has_broken_link_; }

 private:
  friend class MarkupReader;

  // Text from `visible` on came from `origin` on.
  struct Run {
    size_t visible, origin;
  };
  size_t OriginOf(size_t visible) const;

  std::string text_;
  std::vector<Run> runs_;
  size_t linked_bytes_ = 0;
  bool has_broken_link_ = false;
};

// The end of the address at `begin` ("https://…"), or `begin` when none
// stands there.
size_t EndOfUrl(absl::string_view text, size_t begin);

}  // namespace duilian::aligner

#endif  // DUILIAN_ALIGNER_MARKUP_H_
