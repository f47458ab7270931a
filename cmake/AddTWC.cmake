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

# twc_add_library(name SOURCES... LINK libs...)
# A static library of the compiler: sees LLVM, MLIR and the generated dialect
# headers, and shares one precompiled header with all others of its kind (an
# MLIR-heavy file takes up to 20 s without).
function(twc_add_library name)
  cmake_parse_arguments(ARG "NO_PCH" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  twc_configure_compiler_target(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(NOT ARG_NO_PCH)
    if(TARGET TWCPrecompiled)
      target_precompile_headers(${name} REUSE_FROM TWCPrecompiled)
    else()
      message(FATAL_ERROR "TWCPrecompiled must be defined first")
    endif()
  endif()
endfunction()

# Include paths, warnings and generated headers of the compiler's targets.
function(twc_configure_compiler_target name)
  target_include_directories(${name} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS}
                                                   ${MLIR_INCLUDE_DIRS})
  target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}/include"
                                            "${CMAKE_SOURCE_DIR}/runtime"
                                            "${CMAKE_BINARY_DIR}/dialects"
                                            "${CMAKE_BINARY_DIR}/lib/include")
  target_compile_options(${name} PRIVATE -fno-exceptions)
  add_dependencies(${name} TWasmTableGen TWasmInstructions)
endfunction()
