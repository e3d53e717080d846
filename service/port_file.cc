#include "service/port_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"

namespace duilian::service {

absl::Status WritePortFile(const std::string& path, int port) {
  const std::string beside = path + ".new";
  bool written = false;
  {
    std::ofstream file(beside, std::ios::trunc);
    file << port << "\n";
    file.close();
    written = file.good();
  }
  if (written && std::rename(beside.c_str(), path.c_str()) == 0) {
    return absl::OkStatus();
  }
  const int error = errno;
  std::remove(beside.c_str());
  return absl::InvalidArgumentError(absl::StrCat(
      "--port-file: '", path, "' cannot be written (", std::strerror(error),
      "), a path in a folder that can be written to is accepted; choose "
      "another"));
}

}  // namespace duilian::service
