#include "clients/command.h"

#include <ostream>
#include <utility>

#include "clients/pair_output.h"
#include "clients/tsv.h"

namespace duilian::clients {

OutputFormat ChooseOutput(const std::string& output, OutputFormat fallback) {
  if (output == "table") return OutputFormat::kTable;
  if (output == "json") return OutputFormat::kJson;
  if (output == "tsv") return OutputFormat::kTsv;
  if (output == "ladder") return OutputFormat::kLadder;
  return fallback;
}

RowPrinter::RowPrinter(OutputFormat format, Layout layout, Console& console)
    : format_(format),
      layout_(std::move(layout)),
      console_(console),
      table_(layout_.columns, console.out_traits) {
  if (format_ == OutputFormat::kTsv) {
    console_.out << TsvRow(layout_.tsv_header, console_.out_traits.is_terminal);
  }
}

void RowPrinter::AddTableRow(std::vector<Cell> cells) {
  table_.Add(std::move(cells));
  ++rows_;
}

void RowPrinter::AddTsvRow(const std::vector<std::string>& fields) {
  console_.out << TsvRow(fields, console_.out_traits.is_terminal);
  ++rows_;
}

void RowPrinter::AddJson(const nlohmann::ordered_json& json) {
  console_.out << (rows_ == 0 ? "[\n" : ",\n") << JsonText(json, 2);
  ++rows_;
}

void RowPrinter::FlushPage() { console_.out << table_.Flush() << std::flush; }

void RowPrinter::Finish(absl::string_view nothing) {
  FlushPage();
  if (format_ == OutputFormat::kJson) {
    console_.out << (rows_ == 0 ? "[]\n" : "\n]\n");
  } else if (format_ == OutputFormat::kTable && rows_ == 0) {
    console_.out << nothing << '\n';
  }
  console_.out << std::flush;
}

void NoteMore(int limit, Console& console) {
  console.err << "duilian: the first " << limit
              << " are shown and there are more; raise --limit to see them\n";
}

}  // namespace duilian::clients
