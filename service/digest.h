#ifndef DUILIAN_SERVICE_DIGEST_H_
#define DUILIAN_SERVICE_DIGEST_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

struct evp_md_ctx_st;

namespace duilian::service {

// SHA-256 of a list of parts. Each part's length is hashed before it, so that
// ("ab", "c") and ("a", "bc") differ.
class Digest {
 public:
  Digest();
  ~Digest();

  Digest& Add(absl::string_view part);

  // 32 bytes. Ends it: add nothing after.
  std::string Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace duilian::service

#endif  // DUILIAN_SERVICE_DIGEST_H_
