//===- Passphrase.cpp - asking for a passphrase ---------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The terminal is the process's own, /dev/tty, so that standard input stays
// free. Characters are read one by one, so that an interrupt finds the terminal
// as it was.
//
//===----------------------------------------------------------------------===//

#include "Passphrase.h"
#include "Commands.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace twreg {

using namespace ptxbin;

static constexpr size_t maxPassphrase = 1024;

namespace {
/// The terminal, silent while this lives.
class SilentTerminal {
public:
  SilentTerminal() : fd(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (fd < 0 || ::tcgetattr(fd, &before) != 0)
      return;
    termios silent = before;
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG);
    silent.c_cc[VMIN] = 1;
    silent.c_cc[VTIME] = 0;
    isReady = ::tcsetattr(fd, TCSAFLUSH, &silent) == 0;
  }
  SilentTerminal(const SilentTerminal &) = delete;
  SilentTerminal &operator=(const SilentTerminal &) = delete;
  ~SilentTerminal() {
    if (isReady)
      (void)::tcsetattr(fd, TCSAFLUSH, &before);
    if (fd >= 0)
      ::close(fd);
  }

  bool isReady = false;

  Expected<SecretText> ask(const std::string &prompt) {
    print(prompt);
    SecretText out;
    out.text.reserve(maxPassphrase); // no copies are left behind by growth
    for (;;) {
      char c = 0;
      ssize_t got = ::read(fd, &c, 1);
      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0 || c == 3 || c == 4 || out.text.size() == maxPassphrase) {
        print("\n");
        return makeError(ErrorKind::Invalid, "no passphrase was given");
      }
      if (c == '\n' || c == '\r')
        break;
      if (c != 8 && c != 127) {
        out.text += c;
        continue;
      }
      // A character, which may be several bytes.
      while (!out.text.empty() && (uint8_t(out.text.back()) & 0xc0) == 0x80)
        out.text.pop_back();
      if (!out.text.empty())
        out.text.pop_back();
    }
    print("\n");
    return out;
  }

private:
  void print(const std::string &text) {
    ssize_t ignored = ::write(fd, text.data(), text.size());
    (void)ignored;
  }
  int fd;
  termios before{};
};
} // namespace

Expected<SecretText> askPassphrase(const std::string &path, bool twice) {
  if (const char *given = std::getenv("TWREG_PASSWORD"))
    return SecretText(given);
  SilentTerminal terminal;
  if (!terminal.isReady)
    return makeError(ErrorKind::Invalid,
                     path + ": needs a passphrase, and there is no terminal to "
                            "ask on: set TWREG_PASSWORD");
  auto first = terminal.ask("Passphrase for " + escape(path) + ": ");
  if (!first || !twice)
    return first;
  auto second = terminal.ask("The same again: ");
  if (!second)
    return second;
  if (first->text != second->text)
    return makeError(ErrorKind::Invalid, "the two passphrases differ");
  return first;
}

Expected<SecretKey> readKey(const std::string &path) {
  return readSecretKey(path, [&] { return askPassphrase(path, false); });
}

} // namespace twreg
