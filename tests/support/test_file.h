// Files of a test program, which runs beside others, and beside itself.

#ifndef DUILIAN_TESTS_SUPPORT_TEST_FILE_H_
#define DUILIAN_TESTS_SUPPORT_TEST_FILE_H_

#include <stdlib.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace duilian::testing_support {

// A folder of this process alone, removed at its end.
inline const std::string& TestFolder() {
  struct Folder {
    Folder()
        : path((std::filesystem::path(testing::TempDir()) /
                "duilian-files-XXXXXX")
                   .string()) {
      if (mkdtemp(path.data()) == nullptr) std::abort();
    }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    std::string path;
  };
  static const Folder folder;
  return folder.path;
}

inline std::string TestFile(absl::string_view name) {
  return (std::filesystem::path(TestFolder()) / std::string(name)).string();
}

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_TEST_FILE_H_
