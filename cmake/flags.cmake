# Warnings and sanitizers of our own targets; generated code does not link it.
add_library(duilian_flags INTERFACE)
target_compile_options(duilian_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion)
target_include_directories(duilian_flags INTERFACE ${PROJECT_SOURCE_DIR})
if(DUILIAN_WERROR)
  target_compile_options(duilian_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(duilian_flags INTERFACE -Wthread-safety)
endif()
if(DUILIAN_SANITIZE)
  # Everything, generated code too: half-instrumented containers report falsely.
  add_compile_options(-fsanitize=${DUILIAN_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${DUILIAN_SANITIZE})
  add_compile_definitions(DUILIAN_SANITIZED=1)
endif()

# libgrpc++.so does not need protobuf, but Debian's gRPC::grpc++ asks for the
# shared one all the same, and would bring it in before our static one.
get_target_property(grpcpp_libraries gRPC::grpc++ INTERFACE_LINK_LIBRARIES)
list(REMOVE_ITEM grpcpp_libraries protobuf::libprotobuf)
set_target_properties(gRPC::grpc++ PROPERTIES
  INTERFACE_LINK_LIBRARIES "${grpcpp_libraries}")

# What an executable that speaks gRPC links with: the static protobuf, and
# none of its symbols exported.
add_library(duilian_grpc INTERFACE)
target_link_libraries(duilian_grpc INTERFACE gRPC::grpc++)
target_link_options(duilian_grpc INTERFACE -Wl,--exclude-libs,ALL)
find_library(DUILIAN_PROTOBUF_A NAMES libprotobuf.a REQUIRED)
find_library(DUILIAN_REFLECTION_A NAMES libgrpc++_reflection.a REQUIRED)

# The server alone: reflection registers itself from static initialisers. It
# calls gRPC, so it stands before it.
add_library(duilian_grpc_reflection INTERFACE)
target_link_libraries(duilian_grpc_reflection INTERFACE
  -Wl,--whole-archive ${DUILIAN_REFLECTION_A} -Wl,--no-whole-archive
  gRPC::grpc++ gRPC::gpr)

# Stands before Abseil in every program, so that ThreadSanitizer hears of its
# locks; before the project's own targets, which link it by this.
if(DUILIAN_SANITIZE STREQUAL "thread")
  add_library(duilian_tsan_mutex SHARED
    ${PROJECT_SOURCE_DIR}/tests/tsan/absl_mutex.cc)
  set_target_properties(duilian_tsan_mutex PROPERTIES
    CXX_VISIBILITY_PRESET default VISIBILITY_INLINES_HIDDEN OFF)
  target_link_libraries(duilian_tsan_mutex
    PRIVATE absl::synchronization ${CMAKE_DL_LIBS} duilian_flags)
  link_libraries(-Wl,--no-as-needed duilian_tsan_mutex -Wl,--as-needed)
endif()
