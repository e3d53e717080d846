#ifndef DUILIAN_TESTS_SUPPORT_PACKED_MODEL_H_
#define DUILIAN_TESTS_SUPPORT_PACKED_MODEL_H_

#include <fstream>

#include "aligner/model.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace duilian::testing_support {

// A fixture with the model of DUILIAN_MODEL_PACK, loaded once for its tests.
// Where there is no such file they are skipped: a SetUp of its own calls this
// one first, and returns when IsSkipped().
class PackedModelTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!std::ifstream(DUILIAN_MODEL_PACK).good()) return;
    auto loaded = aligner::Model::Load(DUILIAN_MODEL_PACK);
    ASSERT_THAT(loaded, IsOk());
    model_ = loaded->release();
  }
  static void TearDownTestSuite() {
    delete model_;
    model_ = nullptr;
  }

  void SetUp() override {
    if (model_ == nullptr) {
      GTEST_SKIP() << "no model pack at " DUILIAN_MODEL_PACK;
    }
  }

  // Servers only read it.
  inline static const aligner::Model* model_ = nullptr;
};

}  // namespace duilian::testing_support

#endif  // DUILIAN_TESTS_SUPPORT_PACKED_MODEL_H_
