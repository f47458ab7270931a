//===- Process.cpp - programs that are run --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// fork and exec: the child sets a limit and a directory for itself, which
// posix_spawn cannot.
//
//===----------------------------------------------------------------------===//

#include "Registry/Process.h"
#include "Format/FileIO.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace registry {

std::optional<std::string> findProgram(const std::string &name) {
  const char *path = std::getenv("PATH");
  std::string_view rest = path ? path : "/usr/bin:/bin";
  while (!rest.empty()) {
    size_t colon = std::min(rest.find(':'), rest.size());
    std::string candidate = std::string(rest.substr(0, colon)) + "/" + name;
    // An empty component is the working directory: not from there.
    if (colon != 0 && ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return std::nullopt;
}

/// In the child: nothing but system calls until exec.
[[noreturn]] static void become(const char *program, char *const *arguments,
                                const ProcessOptions &options) {
  int out = STDERR_FILENO;
  if (!options.output.empty())
    out = ::open(options.output.c_str(),
                 O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (out < 0 || ::dup2(out, STDOUT_FILENO) < 0 ||
      (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0))
    ::_exit(127);
  if (options.cpuSeconds) {
    struct rlimit limit = {options.cpuSeconds, options.cpuSeconds + 1};
    if (::setrlimit(RLIMIT_CPU, &limit) != 0)
      ::_exit(127);
  }
  ::execv(program, arguments);
  ::_exit(127);
}

Expected<void> runProgram(const std::string &program,
                          std::vector<std::string> arguments,
                          const ProcessOptions &options) {
  std::string name = program.substr(program.rfind('/') + 1);
  arguments.insert(arguments.begin(), name);
  std::vector<char *> pointers;
  for (std::string &argument : arguments)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  pid_t child = ::fork();
  if (child == 0)
    become(program.c_str(), pointers.data(), options);
  if (child < 0)
    return ptxbin::systemError(program, "cannot be started");
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return ptxbin::systemError(program, "cannot be waited for");
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return {};
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
    return makeError(ErrorKind::IO, program + ": cannot be started");
  return makeError(
      ErrorKind::IO,
      name + " failed" +
          (WIFEXITED(status)
               ? " with status " + std::to_string(WEXITSTATUS(status))
               : " by signal " + std::to_string(WTERMSIG(status))) +
          "; its own message is above");
}

} // namespace registry
