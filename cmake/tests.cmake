include(GoogleTest)
# Named per test and run in parallel by ctest: no fixed ports, no fixed paths.
set(CMAKE_GTEST_DISCOVER_TESTS_DISCOVERY_MODE PRE_TEST)
