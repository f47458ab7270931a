# Helpers that every CMakeLists.txt of the project uses. No targets here.

add_compile_options(-Wall -Wextra -Wno-unused-parameter)

# twc_add_runtime_library(name SOURCES... LINK libs...)
# A static library of the LLVM-free side.
function(twc_add_runtime_library name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}/runtime"
                                            "${CMAKE_SOURCE_DIR}/runtime/include")
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
endfunction()

# twc_add_unittest(name SOURCES... LINK libs...)
# A GoogleTest program, registered with CTest.
function(twc_add_unittest name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  find_package(GTest REQUIRED)
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
endfunction()
