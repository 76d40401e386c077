# How everything is compiled. Same inputs give the same bytes: no fast-math, no fused multiply-add behind our back.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")

find_program(EVENHAND_CCACHE ccache)
if(EVENHAND_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${EVENHAND_CCACHE}")
endif()
find_program(EVENHAND_MOLD mold)
if(EVENHAND_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(evenhand_options INTERFACE)  # for our own code only; what we include from others is SYSTEM
target_include_directories(evenhand_options INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_definitions(evenhand_options INTERFACE EVENHAND_VERSION="${PROJECT_VERSION}")
target_compile_options(
  evenhand_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -fno-math-errno -ffp-contract=off
                             $<$<BOOL:${EVENHAND_WERROR}>:-Werror>)

set(checks "")
if(EVENHAND_SANITIZE OR EVENHAND_FUZZ)
  set(checks -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -g1)
  add_compile_definitions(_GLIBCXX_ASSERTIONS)
endif()
if(EVENHAND_FUZZ)
  list(APPEND checks -fsanitize=fuzzer-no-link)  # clang only: `make fuzz` chooses it
endif()
add_compile_options(${checks})
add_link_options(${checks})
