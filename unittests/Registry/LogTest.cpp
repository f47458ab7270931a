//===- LogTest.cpp - an audit log that cannot be edited -------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every line counts, and every line is there.
//
//===----------------------------------------------------------------------===//

#include "Registry/Log.h"
#include "Support.h"

#include <sys/wait.h>
#include <unistd.h>

namespace registry::test {

static void append(const std::string &directory, const std::string &event) {
  auto ok = appendLog(directory, {{"event", event}});
  ASSERT_TRUE(ok) << ok.error().message;
}

TEST(Log, LinesFollowEachOther) {
  TemporaryDirectory dir;
  for (const char *event : {"one", "two", "three"})
    append(dir / "s", event);
  auto lines = readLog(dir / "s");
  ASSERT_TRUE(lines) << lines.error().message;
  ASSERT_EQ(lines->size(), 3u);
  EXPECT_EQ((*lines)[2].event["event"], "three");
  EXPECT_EQ((*lines)[2].event["prev"], ptxbin::hex((*lines)[1].hash));
  EXPECT_EQ((*lines)[0].event["prev"], std::string(64, '0'));
  // Line ends and escape sequences stay inside of their line.
  append(dir / "s", "four\n{\"seq\":5}\x1b[2J\xff");
  EXPECT_EQ(readLog(dir / "s")->size(), 4u);
}

TEST(Log, AnyChangeIsFound) {
  TemporaryDirectory dir;
  for (const char *event : {"one", "two", "three"})
    append(dir / "s", event);
  std::string path = dir / "s/log.jsonl", good = readText(path);
  // All but the last line, whose hash an operator has noted: --expect.
  size_t last = good.rfind('\n', good.size() - 2);
  for (size_t i = 0; i < last; ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    writeText(path, bad);
    auto lines = readLog(dir / "s");
    EXPECT_FALSE(lines && lines->size() == 3) << i;
  }
  // A line removed, from the front too.
  size_t first = good.find('\n') + 1, second = good.find('\n', first) + 1;
  writeText(path, good.substr(first));
  expectError(readLog(dir / "s"), ErrorKind::Malformed, "does not follow");
  writeText(path, good.substr(0, first) + good.substr(second));
  expectError(readLog(dir / "s"), ErrorKind::Malformed, "log.jsonl:2");
  writeText(path, good);
  EXPECT_TRUE(readLog(dir / "s"));
}

TEST(Log, AHalfWrittenLineIsNone) {
  TemporaryDirectory dir;
  append(dir / "s", "one");
  std::string path = dir / "s/log.jsonl", good = readText(path);
  writeText(path, good + good.substr(0, good.size() / 2));
  EXPECT_EQ(readLog(dir / "s")->size(), 1u);
  append(dir / "s", "two");
  auto lines = readLog(dir / "s");
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_EQ(lines->size(), 2u);
  // Nothing but half a line.
  writeText(path, "{\"seq\"");
  append(dir / "s", "new");
  EXPECT_EQ(readLog(dir / "s")->size(), 1u);
}

TEST(Log, ManyWriters) {
  TemporaryDirectory dir;
  std::vector<pid_t> children;
  for (int i = 0; i < 8; ++i) {
    pid_t child = ::fork();
    if (child == 0) {
      for (int n = 0; n < 10; ++n)
        if (!appendLog(dir / "s", {{"event", std::to_string(i)}}))
          ::_exit(1);
      ::_exit(0);
    }
    children.push_back(child);
  }
  for (pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  auto lines = readLog(dir / "s");
  ASSERT_TRUE(lines) << lines.error().message;
  EXPECT_EQ(lines->size(), 80u);
}

} // namespace registry::test
