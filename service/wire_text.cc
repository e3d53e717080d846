#include "service/wire_text.h"

#include <cstdint>
#include <map>
#include <optional>

#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"
#include "text/utf8.h"

namespace duilian::service {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Our messages nest 4 deep at most.
constexpr int kMaxDepth = 16;

struct InvalidText {
  std::string field;  // "requests[3].query"
  size_t byte = 0;    // in that field
};

class TextFinder {
 public:
  // The first string field that is not UTF-8. Gives up at bytes that are no
  // message: the parser says so itself.
  std::optional<InvalidText> Find(const Descriptor& type,
                                  absl::string_view bytes,
                                  const std::string& path, int depth) const {
    CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()),
                           static_cast<int>(bytes.size()));
    std::map<int, int> seen;
    while (const uint32_t tag = input.ReadTag()) {
      const int number = WireFormatLite::GetTagFieldNumber(tag);
      const FieldDescriptor* field = type.FindFieldByNumber(number);
      if (field == nullptr || WireFormatLite::GetTagWireType(tag) !=
                                  WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
        if (!WireFormatLite::SkipField(&input, tag)) return std::nullopt;
        continue;
      }
      uint32_t size = 0;
      if (!input.ReadVarint32(&size)) return std::nullopt;
      const auto begin = static_cast<size_t>(input.CurrentPosition());
      if (size > bytes.size() - begin) return std::nullopt;
      std::optional<InvalidText> invalid =
          Check(*field, bytes.substr(begin, size),
                PathOf(path, *field, seen[number]++), depth);
      if (invalid.has_value()) return invalid;
      input.Skip(static_cast<int>(size));
    }
    return std::nullopt;
  }

 private:
  static std::string PathOf(const std::string& path,
                            const FieldDescriptor& field, int index) {
    std::string out =
        path.empty() ? field.name() : absl::StrCat(path, ".", field.name());
    if (field.is_repeated()) absl::StrAppend(&out, "[", index, "]");
    return out;
  }

  std::optional<InvalidText> Check(const FieldDescriptor& field,
                                   absl::string_view value,
                                   const std::string& path, int depth) const {
    if (field.type() == FieldDescriptor::TYPE_STRING) {
      const std::optional<size_t> byte = text::FindInvalidUtf8(value);
      if (byte.has_value()) return InvalidText{path, *byte};
    } else if (field.type() == FieldDescriptor::TYPE_MESSAGE &&
               depth < kMaxDepth) {
      return Find(*field.message_type(), value, path, depth + 1);
    }
    return std::nullopt;
  }
};

}  // namespace

absl::Status ParseRequest(absl::string_view bytes,
                          google::protobuf::Message& request) {
  if (request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::OkStatus();
  }
  // It refuses a string that is not UTF-8, too, but does not say which.
  const Descriptor& type = *request.GetDescriptor();
  const std::optional<InvalidText> invalid =
      TextFinder().Find(type, bytes, "", 0);
  if (invalid.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        invalid->field, ": byte ", invalid->byte,
        " is not UTF-8, which alone is accepted; convert the text to UTF-8"));
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "the request: ", bytes.size(), " bytes that are no ", type.full_name(),
      "; a message of that type is accepted; use a client "
      "that was made from this release's protos"));
}

}  // namespace duilian::service
