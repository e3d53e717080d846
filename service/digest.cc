#include "service/digest.h"

#include <openssl/evp.h>

#include <cstdint>

namespace duilian::service {

void Digest::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Digest::Digest() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

Digest::~Digest() = default;

Digest& Digest::Add(absl::string_view part) {
  unsigned char length[8];
  for (int i = 0; i < 8; ++i) {
    length[i] = static_cast<unsigned char>(uint64_t{part.size()} >> (8 * i));
  }
  EVP_DigestUpdate(context_.get(), length, sizeof(length));
  EVP_DigestUpdate(context_.get(), part.data(), part.size());
  return *this;
}

std::string Digest::Finish() {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(context_.get(), bytes, &size);
  return std::string(reinterpret_cast<const char*>(bytes), size);
}

}  // namespace duilian::service
