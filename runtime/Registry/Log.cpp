//===- Log.cpp - what was done on this machine ----------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// JSON lines. The hash of a line is SHA-256 of its bytes without the line end;
// the first one follows 64 zeros.
//
//===----------------------------------------------------------------------===//

#include "Registry/Log.h"
#include "Format/FileIO.h"
#include "Registry/Directory.h"

#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace registry {

static Digest hashOf(std::string_view line) {
  return ptxbin::sha256(
      {reinterpret_cast<const uint8_t *>(line.data()), line.size()});
}

/// The last whole line of what ends at `size`, and where the next one starts.
static Expected<std::pair<std::string, uint64_t>>
lastLine(int fd, const std::string &path, uint64_t size) {
  uint64_t from = size > 2 * maxLogLine ? size - 2 * maxLogLine : 0;
  std::string tail(size - from, '\0');
  size_t used = 0;
  while (used < tail.size()) {
    ssize_t got =
        ::pread(fd, tail.data() + used, tail.size() - used, off_t(from + used));
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return ptxbin::systemError(path, "cannot be read");
    used += size_t(got);
  }
  size_t end = tail.rfind('\n');
  if (end == tail.npos) {
    if (from == 0)
      return std::pair(std::string(), uint64_t(0));
    return makeError(ErrorKind::Malformed, path + ": has no line at its end");
  }
  size_t before = end == 0 ? tail.npos : tail.rfind('\n', end - 1);
  size_t start = before == tail.npos ? 0 : before + 1;
  if (before == tail.npos && from != 0)
    return makeError(ErrorKind::Malformed,
                     path + ": its last line is too long");
  return std::pair(tail.substr(start, end - start), from + end + 1);
}

Expected<void> appendLog(const std::string &directory, json event) {
  std::error_code code;
  std::filesystem::create_directories(directory, code);
  std::string path = directory + "/log.jsonl";
  auto root = Directory::open(directory);
  if (!root)
    return root.error();
  auto lock = root->lock("log.lock", /*exclusive=*/true);
  if (!lock)
    return lock.error();
  FileDescriptor file(
      ::openat(root->descriptor(), "log.jsonl",
               O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  struct stat status;
  if (!file.isOpen() || ::fstat(file.get(), &status) != 0)
    return ptxbin::systemError(path, "cannot be opened");
  if (!S_ISREG(status.st_mode))
    return makeError(ErrorKind::Malformed, path + ": is not a regular file");
  auto last = lastLine(file.get(), path, uint64_t(status.st_size));
  if (!last)
    return last.error();
  uint64_t number = 1;
  Digest previous{};
  if (!last->first.empty()) {
    const std::string &line = last->first;
    auto parsed = parseJson(
        {reinterpret_cast<const uint8_t *>(line.data()), line.size()}, path);
    if (!parsed)
      return parsed.error();
    auto before = numberMember(*parsed, "seq");
    if (!before)
      return makeError(ErrorKind::Malformed, path + ": expected a seq");
    number = *before + 1;
    previous = hashOf(line);
  }
  event["seq"] = number;
  event["time"] = uint64_t(std::time(nullptr));
  event["prev"] = ptxbin::hex(previous);
  std::string line = event.dump(-1, ' ', /*ensure_ascii=*/true,
                                json::error_handler_t::replace) +
                     '\n';
  if (line.size() > maxLogLine || last->second + line.size() > maxLogBytes)
    return makeError(ErrorKind::Invalid,
                     path + ": is full; move it away to begin a new one");
  // What a killed writer has left is no line: nobody was told that it is.
  if (::ftruncate(file.get(), off_t(last->second)) != 0 ||
      ::lseek(file.get(), off_t(last->second), SEEK_SET) < 0 ||
      !ptxbin::writeDescriptor(
          file.get(),
          {reinterpret_cast<const uint8_t *>(line.data()), line.size()}) ||
      ::fsync(file.get()) != 0)
    return ptxbin::systemError(path, "cannot be written");
  return {};
}

Expected<std::vector<LogLine>> readLog(const std::string &directory) {
  auto root = Directory::open(directory);
  if (!root)
    return root.error();
  std::string path = root->pathOf("log.jsonl");
  auto bytes = root->read("log.jsonl", maxLogBytes);
  if (!bytes)
    return bytes.error();
  std::string_view rest(reinterpret_cast<const char *>(bytes->data()),
                        bytes->size());
  std::vector<LogLine> out;
  Digest previous{};
  while (!rest.empty()) {
    size_t end = rest.find('\n');
    if (end == rest.npos)
      break;
    LogLine line;
    line.text = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    std::string where = path + ":" + std::to_string(out.size() + 1);
    auto parsed = parseJson(
        {reinterpret_cast<const uint8_t *>(line.text.data()), line.text.size()},
        where);
    if (!parsed)
      return parsed.error();
    const std::string *prev = stringMember(*parsed, "prev");
    if (!prev || *prev != ptxbin::hex(previous) ||
        numberMember(*parsed, "seq") != out.size() + 1)
      return makeError(ErrorKind::Malformed,
                       where + ": does not follow the line before: the log "
                               "was changed");
    line.event = std::move(*parsed);
    previous = line.hash = hashOf(line.text);
    out.push_back(std::move(line));
  }
  return out;
}

} // namespace registry
