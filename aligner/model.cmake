# Global: the programs of other folders link it, too.
pkg_check_modules(OPENCC REQUIRED IMPORTED_TARGET GLOBAL opencc)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET GLOBAL icu-uc)
add_library(duilian_aligner STATIC
  align.cc band.cc bead_borders.cc bead_features.cc bead_lattice.cc cell_window.cc chinese_script.cc chinese_words.cc clause_links.cc document_report.cc
  dot.cc gain_table.cc gains.cc heard_names.cc model.cc name_likeness.cc name_renderings.cc pack.cc phrase_candidates.cc phrase_link_matrix.cc
  phrase_links.cc phrase_text.cc phrase_weights.cc prepared_text.cc quotation_marks.cc quote_cover.cc quote_runs.cc quotes.cc sentence_vector.cc
  simplifier.cc skipped_stretches.cc source_groups.cc subword_model.cc term_renderings.cc text_lexicon.cc turn_pairs.cc unrelated_stretches.cc
  word_classes.cc)
target_link_libraries(duilian_aligner
  PUBLIC duilian_reading duilian_text absl::status absl::statusor absl::strings absl::span
  PRIVATE duilian_flags PkgConfig::SPM PkgConfig::OPENCC PkgConfig::ICU ZLIB::ZLIB)
add_subdirectory(training)
if(DUILIAN_TESTS)
  add_executable(aligner_test
    align_test.cc band_test.cc bead_features_test.cc bead_lattice_test.cc
    clause_links_test.cc document_report_test.cc heard_names_test.cc name_renderings_test.cc pack_test.cc
    phrase_links_test.cc prepared_text_test.cc quotation_marks_test.cc quote_cover_test.cc quote_runs_test.cc sentence_vector_test.cc simplifier_test.cc
    skipped_stretches_test.cc source_groups_test.cc term_renderings_test.cc text_lexicon_test.cc
    turn_pairs_test.cc unrelated_stretches_test.cc)
  target_link_libraries(aligner_test PRIVATE duilian_aligner duilian_flags GTest::gmock_main)
  target_compile_definitions(aligner_test PRIVATE
    DUILIAN_MODEL_PACK="${PROJECT_SOURCE_DIR}/models/zh-en/zh-en.pack")
  gtest_discover_tests(aligner_test)
endif()
