// duilian align without a server, with the model that the repository ships.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "clients/command_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace duilian::clients {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

constexpr char kChinese[] =
    "昨天下雨了。\n我们待在家里看书。\n你喜欢这本书吗？\n";
constexpr char kEnglish[] =
    "It rained yesterday.\nWe stayed at home and read books.\nDo you like this "
    "book?\n";

class AlignCommandTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string folder =
        (std::filesystem::path(testing::TempDir()) / "duilian-XXXXXX").string();
    ASSERT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) const {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  int Run(const std::vector<std::string>& more) {
    return RunWith(kChinese, kEnglish, more);
  }

  int RunWith(const std::string& zh_text, const std::string& en_text,
              const std::vector<std::string>& more) {
    const std::string zh = Write("zh.txt", zh_text);
    const std::string en = Write("en.txt", en_text);
    std::vector<const char*> argv = {
        "duilian", "align", "--zh", zh.c_str(), "--en", en.c_str(), "--lines"};
    for (const std::string& argument : more) argv.push_back(argument.c_str());
    std::istringstream in;
    Console console{in, out_, err_, {}, {}};
    return RunCommandLine(static_cast<int>(argv.size()), argv.data(), console);
  }

  std::filesystem::path folder_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(AlignCommandTest, AlignsASmallTextWithTheShippedModel) {
  if (!std::filesystem::exists(DUILIAN_SOURCE_MODEL)) {
    GTEST_SKIP() << "models/zh-en/zh-en.pack is absent; train it with "
                    "duilian-train";
  }
  EXPECT_EQ(Run({"--output", "ladder", "--model", DUILIAN_SOURCE_MODEL}), kDone)
      << err_.str();
  EXPECT_THAT(out_.str(), ContainsRegex("^\\[0\\]:\\[0\\]:[01]\\.[0-9]+\n"
                                        "\\[1\\]:\\[1\\]:[01]\\.[0-9]+\n"
                                        "\\[2\\]:\\[2\\]:[01]\\.[0-9]+\n$"));
}

TEST_F(AlignCommandTest, ReportsInsteadOfPrintingPairs) {
  if (!std::filesystem::exists(DUILIAN_SOURCE_MODEL)) {
    GTEST_SKIP() << "models/zh-en/zh-en.pack is absent; train it with "
                    "duilian-train";
  }
  EXPECT_EQ(Run({"--report", "--model", DUILIAN_SOURCE_MODEL}), kDone)
      << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("3 of 3 | 100.0"));
  EXPECT_THAT(out_.str(), HasSubstr("nothing to look into"));
  out_.str("");
  EXPECT_EQ(
      RunWith(
          "昨天没有下雨。\n我们待在家里看书。\n你喜欢这本书吗？\n", kEnglish,
          {"--report", "--output", "json", "--model", DUILIAN_SOURCE_MODEL}),
      kDone);
  EXPECT_THAT(out_.str(), HasSubstr("negation 没有 is not in the English"));
}

TEST_F(AlignCommandTest, JsonLinksFragmentsToTheirEnglish) {
  if (!std::filesystem::exists(DUILIAN_SOURCE_MODEL)) {
    GTEST_SKIP() << "models/zh-en/zh-en.pack is absent; train it with "
                    "duilian-train";
  }
  EXPECT_EQ(RunWith("他用 GPT-4 写代码。\n没有人喜欢 API。\n",
                    "He writes code with 4.\nNobody likes it.\n",
                    {"--output", "json", "--model", DUILIAN_SOURCE_MODEL}),
            kDone)
      << err_.str();
  const auto json = nlohmann::json::parse(out_.str());
  ASSERT_EQ(json["beads"].size(), 2u);
  EXPECT_EQ(json["beads"][0]["fragments"].dump(),
            R"([{"en":0,"en_bytes":[20,21],"en_text":"4","finding":"part",)"
            R"("text":"GPT-4","zh":0,"zh_bytes":[7,12]}])");
  EXPECT_EQ(json["beads"][1]["fragments"].dump(),
            R"([{"finding":"missing","text":"API","zh":1,)"
            R"("zh_bytes":[16,19]}])");
}

TEST_F(AlignCommandTest, JsonTellsAFragmentsChinese) {
  if (!std::filesystem::exists(DUILIAN_SOURCE_MODEL)) {
    GTEST_SKIP() << "models/zh-en/zh-en.pack is absent; train it with "
                    "duilian-train";
  }
  EXPECT_EQ(RunWith("我们用 FEA（有限元分析）算这座桥。\n他用 Rust 写软件。\n",
                    "We compute the bridge with FEA.\n"
                    "He writes software in Rust.\n",
                    {"--output", "json", "--model", DUILIAN_SOURCE_MODEL}),
            kDone)
      << err_.str();
  const auto json = nlohmann::json::parse(out_.str());
  ASSERT_EQ(json["beads"].size(), 2u);
  ASSERT_EQ(json["beads"][0]["fragments"].size(), 1u);
  EXPECT_EQ(json["beads"][0]["fragments"][0].value("rendering", ""),
            "有限元分析");
  ASSERT_EQ(json["beads"][1]["fragments"].size(), 1u);
  EXPECT_FALSE(json["beads"][1]["fragments"][0].contains("rendering"));
}

TEST_F(AlignCommandTest, ReportIsNoLadderAndNotTheServers) {
  EXPECT_EQ(Run({"--report", "--output", "ladder"}), kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("ladder holds beads, not a report; table, "
                                    "json or tsv are accepted with --report"));
  err_.str("");
  EXPECT_EQ(Run({"--report", "--remote"}), kUsage);
  EXPECT_THAT(err_.str(), HasSubstr("--remote excludes --report"));
}

TEST_F(AlignCommandTest, TextsOfOtherLanguagesAreRefusedAsImportDoes) {
  const struct {
    const char* name;
    const char* zh;
    const char* en;
    const char* message;
  } cases[] = {
      {"swapped", kEnglish, kChinese,
       "zh.txt: looks like English, Chinese accepted; the two files are "
       "swapped: give the Chinese text to --zh"},
      {"both English", kEnglish, kEnglish,
       "zh.txt: looks like English, Chinese accepted; give the Chinese"},
      {"Japanese", "雨が降りました。家にいました。", kEnglish,
       "zh.txt: looks like neither English nor Chinese by its script"},
      {"Russian", kChinese, "Вчера шёл дождь. Мы остались дома.",
       "en.txt: looks like neither English nor Chinese by its script, English "
       "accepted"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    err_.str("");
    EXPECT_EQ(RunWith(c.zh, c.en, {}), kFailed);
    EXPECT_THAT(err_.str(), HasSubstr(c.message));
    EXPECT_EQ(out_.str(), "");
  }
}

TEST_F(AlignCommandTest, AbsentModelIsNamed) {
  const std::string absent = (folder_ / "none.pack").string();
  EXPECT_EQ(Run({"--model", absent}), kFailed);
  EXPECT_THAT(err_.str(), HasSubstr(absent));
}

TEST_F(AlignCommandTest, FileThatIsNoPackIsRefusedByName) {
  const std::string pack = Write("not-a.pack", "nothing of the kind");
  EXPECT_EQ(Run({"--model", pack}), kFailed);
  EXPECT_THAT(err_.str(), HasSubstr("not-a.pack"));
}

}  // namespace
}  // namespace duilian::clients
