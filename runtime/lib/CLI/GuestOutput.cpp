//===- GuestOutput.cpp - what a guest prints, shown -----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GuestOutput.h"

#include "lib/Quote.h"

#include <unistd.h>

namespace twrun::cli {

using ptxbin::makeError;

bool hasStandardOutputSink(const std::vector<std::string> &arguments) {
  for (const std::string &argument : arguments)
    if (argument.starts_with('@') && argument.ends_with("=-"))
      return true;
  return false;
}

GuestOutput::GuestOutput(const Options &options, bool hasSink)
    : options(options) {
  if (options.json)
    return;
  // A sink on standard output must not be mixed with it.
  to = hasSink ? stderr : stdout;
  isTerminal = isatty(fileno(to));
}

void GuestOutput::print(const Printed &printed) {
  if (!printed.note.empty() && notes++ == 0)
    note = "printf in block (" + std::to_string(printed.block.x) + "," +
           std::to_string(printed.block.y) + "," +
           std::to_string(printed.block.z) + "), thread (" +
           std::to_string(printed.thread.x) + "," +
           std::to_string(printed.thread.y) + "," +
           std::to_string(printed.thread.z) + "): " + oneLine(printed.note);
  if (!to || printed.text.empty())
    return;
  // To a file or a program all bytes go as they are; a terminal obeys some.
  const std::string text =
      isTerminal ? terminalText(printed.text) : printed.text;
  failed |= std::fwrite(text.data(), 1, text.size(), to) != text.size();
  last = text.back();
}

Expected<void> GuestOutput::finish(uint64_t lost) {
  if (to) {
    if (last != '\n') // the report, or a shell's prompt, begins a line
      failed |= std::fputc('\n', to) == EOF;
    failed |= std::fflush(to) != 0;
  }
  if (notes)
    std::fprintf(stderr, "twrun: %s%s\n", note.c_str(),
                 notes > 1
                     ? (" (" + std::to_string(notes) + " calls in all)").c_str()
                     : "");
  if (lost)
    std::fprintf(stderr,
                 "twrun: %llu of the calls of printf were lost: %llu are kept "
                 "of a launch (--print-records)\n",
                 (unsigned long long)lost,
                 (unsigned long long)options.printRecords);
  if (failed)
    return makeError(ErrorKind::IO, "cannot write the output");
  return {};
}

} // namespace twrun::cli
