add_library(duilian_aligner STATIC
  align.cc band.cc bead_features.cc bead_lattice.cc cell_window.cc dot.cc
  model.cc pack.cc prepared_text.cc quotes.cc subword_model.cc)
target_link_libraries(duilian_aligner
  PUBLIC duilian_reading duilian_text absl::status absl::statusor absl::strings absl::span
  PRIVATE duilian_flags PkgConfig::SPM ZLIB::ZLIB)
add_subdirectory(training)
