add_library(duilian_reading STATIC
  blocks.cc
  characters.cc
  chinese_numerals.cc
  clauses.cc
  doubts.cc
  elided_names.cc
  english_numerals.cc
  fragment_kinds.cc
  fragment_places.cc
  fragment_renderings.cc
  fragments.cc
  front_matter.cc
  markup.cc
  negation.cc
  numbers.cc
  sentences.cc
  source_lines.cc
  speaker_census.cc
  subtitle_cues.cc
  terms.cc
  transcript.cc
  turn_openings.cc)
target_link_libraries(duilian_reading
  PUBLIC duilian_text absl::flat_hash_map absl::flat_hash_set absl::span absl::status absl::statusor
         absl::str_format absl::strings
  PRIVATE duilian_flags)
if(DUILIAN_TESTS)
  add_executable(reading_test
    clauses_test.cc
    doubts_test.cc
    elided_names_test.cc
    fragment_places_test.cc
    fragments_test.cc
    negation_test.cc
    numbers_test.cc
    reading_property_test.cc
    sentences_test.cc
    terms_test.cc
    transcript_test.cc)
  target_link_libraries(reading_test PRIVATE duilian_reading duilian_flags GTest::gmock_main)
  target_compile_definitions(reading_test PRIVATE
    DUILIAN_SHARED_DIR="${PROJECT_SOURCE_DIR}/../shared")
  # What is not linear meets the limit.
  gtest_discover_tests(reading_test PROPERTIES TIMEOUT 300)
endif()
