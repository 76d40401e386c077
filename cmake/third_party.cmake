# Libraries of others, under one target name each. tools/setup installs them; rooms ask for them with LIBS.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost REQUIRED)            # Boost::headers
find_package(CLI11 REQUIRED)            # CLI11::CLI11
find_package(fmt REQUIRED)              # fmt::fmt
find_package(nlohmann_json REQUIRED)    # nlohmann_json::nlohmann_json
find_package(OpenSSL 3 REQUIRED)        # OpenSSL::Crypto
find_package(simdjson REQUIRED)         # simdjson::simdjson
find_package(tomlplusplus REQUIRED)     # tomlplusplus::tomlplusplus
find_package(ZLIB REQUIRED)             # ZLIB::ZLIB
pkg_check_modules(zstd REQUIRED QUIET IMPORTED_TARGET libzstd)
add_library(zstd::zstd ALIAS PkgConfig::zstd)
if(NOT EVENHAND_FUZZ)
  find_package(GTest REQUIRED)          # GTest::gtest_main
  find_package(benchmark QUIET)         # benchmark::benchmark_main
endif()

# evenhand_imported(TARGET NAME HEADER PLACE...): one library and its header folder, looked for in PLACE only.
function(evenhand_imported target name header)
  string(MAKE_C_IDENTIFIER "EVENHAND_${target}" id)
  find_library(${id}_LIBRARY ${name} PATHS ${ARGN} PATH_SUFFIXES lib NO_DEFAULT_PATH)
  find_path(${id}_INCLUDE ${header} PATHS ${ARGN} PATH_SUFFIXES include NO_DEFAULT_PATH)
  if(NOT ${id}_LIBRARY OR NOT ${id}_INCLUDE)
    message(FATAL_ERROR "${target}: lib${name} with ${header} is not in ${ARGN}; `tools/setup` installs it")
  endif()
  add_library(${target} SHARED IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION "${${id}_LIBRARY}"
                                             INTERFACE_INCLUDE_DIRECTORIES "${${id}_INCLUDE}")
endfunction()
set(multiarch "${CMAKE_LIBRARY_ARCHITECTURE}/openblas-openmp")
evenhand_imported(OpenBLAS::OpenBLAS openblas cblas.h "/usr/lib/${multiarch}" "/usr/include/${multiarch}")
evenhand_imported(Arrow::arrow arrow arrow/api.h "${EVENHAND_DEPS}/arrow")
evenhand_imported(Arrow::parquet parquet parquet/api/reader.h "${EVENHAND_DEPS}/arrow")
target_link_libraries(Arrow::parquet INTERFACE Arrow::arrow)
evenhand_imported(CoinUtils::CoinUtils CoinUtils coin/CoinError.hpp "/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}" /usr)
evenhand_imported(Clp::Clp Clp coin/ClpSimplex.hpp "/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}" /usr)
target_link_libraries(Clp::Clp INTERFACE CoinUtils::CoinUtils)
