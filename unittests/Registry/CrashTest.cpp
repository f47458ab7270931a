//===- CrashTest.cpp - crashes and company --------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// SIGKILL after every step of publishing, and many publishers at once.
//
//===----------------------------------------------------------------------===//

#include "Support.h"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

namespace registry::test {

/// A process of its own, which never comes back here: it would go on with the
/// tests that follow.
template <typename F> static pid_t inProcess(F action) {
  pid_t child = ::fork();
  if (child != 0)
    return child;
  try {
    ::_exit(action());
  } catch (const std::exception &error) {
    std::fprintf(stderr, "%s\n", error.what());
    ::_exit(99);
  }
}

/// Runs `action` in a process of its own; its wait status.
template <typename F> static int inChild(F action) {
  pid_t child = inProcess(action);
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

TEST(Crash, KilledAtEveryStep) {
  Artifact first = makeTrusted({}),
           second = makeTrusted({.version = "2", .release = 2});
  int steps = 0;
  for (bool done = false; !done; ++steps) {
    TemporaryDirectory directory;
    std::string path = directory / "r";
    Registry before = createRegistry(path);
    ASSERT_TRUE(before.add(first, Rule::Publish));
    int status = inChild([&] {
      Registry target = createRegistry(path);
      int left = steps;
      target.onStep = [&](const char *) {
        if (left-- == 0)
          ::raise(SIGKILL);
      };
      return target.add(second, Rule::Publish) ? 0 : 1;
    });
    done = WIFEXITED(status);
    ASSERT_TRUE(done ? WEXITSTATUS(status) == 0 : WTERMSIG(status) == SIGKILL);

    // Whole, but for what is harmless; and the old entry is there.
    Registry after = createRegistry(path);
    auto problems = after.check(admitKey1, false);
    ASSERT_TRUE(problems) << problems.error().message;
    for (const auto &problem : *problems)
      EXPECT_TRUE(problem.harmless) << steps << ": " << problem.what;
    EXPECT_TRUE(load(after, "team/saxpy:1.0"));
    // Either not there at all, or complete.
    auto entry = load(after, "team/saxpy:2");
    if (!entry)
      EXPECT_EQ(entry.error().kind, ErrorKind::NotFound);
    // Trying again succeeds, repairs, and leaves no more than can be collected.
    ASSERT_TRUE(after.add(second, Rule::Publish));
    ASSERT_TRUE(after.check(admitKey1, /*repair=*/true));
    ASSERT_TRUE(after.collect(true, 0));
    auto last = after.check(admitKey1, false);
    ASSERT_TRUE(last);
    EXPECT_TRUE(last->empty()) << last->front().what;
    EXPECT_TRUE(load(after, "team/saxpy:2"));
  }
  // Files and blobs of three, lock, record, ref, index twice: a hook that is
  // never called would make this test pass.
  EXPECT_GE(steps, 8);
}

TEST(Crash, KilledWhileTheRegistryIsMade) {
  // Each state that Registry::create goes through is one to go on from.
  for (const char *made :
       {"", "blobs", "blobs/sha256", ".twc", ".twc/refs", ".twc/tmp"}) {
    TemporaryDirectory directory;
    std::string path = directory / "r";
    ASSERT_EQ(::system(("mkdir -p '" + path + "/" + made + "'").c_str()), 0);
    Registry target = createRegistry(path);
    publish(target, {});
    EXPECT_TRUE(load(target, "team/saxpy"));
  }
}

/// 32 processes at once; how many exit with 0.
template <typename F> static int race(F action) {
  std::vector<pid_t> children;
  for (int i = 0; i < 32; ++i) {
    children.push_back(inProcess([&] { return action(i); }));
  }
  int good = 0;
  for (pid_t child : children) {
    int status = -1;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    good += WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  return good;
}

TEST(Crash, ManyPublishersOfOneName) {
  TemporaryDirectory directory;
  std::string path = directory / "r";
  int winners = race([&](int i) {
    Registry target = createRegistry(path);
    auto added =
        target.add(makeTrusted({.contents = "// " + std::to_string(i) + "\n"}),
                   Rule::Publish);
    return added ? 0 : added.error().kind == ErrorKind::Conflict ? 1 : 2;
  });
  EXPECT_EQ(winners, 1);
  Registry after = createRegistry(path);
  auto problems = after.check(admitKey1, false);
  ASSERT_TRUE(problems);
  for (const auto &problem : *problems) // What the losers have written.
    EXPECT_TRUE(problem.harmless) << problem.what;
  EXPECT_EQ(after.records()->size(), 1u);
}

TEST(Crash, ManyPublishersOfManyNames) {
  TemporaryDirectory directory;
  std::string path = directory / "r";
  int winners = race([&](int i) {
    Registry target = createRegistry(path);
    return target.add(makeTrusted({.name = "n" + std::to_string(i)}),
                      Rule::Publish)
               ? 0
               : 1;
  });
  EXPECT_EQ(winners, 32);
  Registry after = createRegistry(path);
  EXPECT_EQ(after.records()->size(), 32u);
  EXPECT_EQ(json::parse(readText(path + "/index.json"))["manifests"].size(),
            32u);
  auto problems = after.check(admitKey1, false);
  ASSERT_TRUE(problems);
  EXPECT_TRUE(problems->empty()) << problems->front().what;
}

TEST(Crash, CollectionWaitsForPublishers) {
  // A collector that starts between content and entry takes nothing away.
  TemporaryDirectory directory;
  std::string path = directory / "r";
  Registry target = createRegistry(path);
  // Made before any lock is held, which it would share.
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  pid_t collector = inProcess([&] {
    char byte;
    if (::read(gate[0], &byte, 1) != 1)
      return 2;
    auto other = Registry::open(path);
    return other && other->collect(true, 0) ? 0 : 1;
  });
  target.onStep = [&](const char *step) {
    if (std::string(step) != "locked")
      return;
    EXPECT_EQ(::write(gate[1], "x", 1), 1);
    ::usleep(200000);
  };
  ASSERT_TRUE(target.add(makeTrusted({}), Rule::Publish));
  int status = -1;
  ASSERT_EQ(::waitpid(collector, &status, 0), collector);
  EXPECT_EQ(status, 0);
  ::close(gate[0]);
  ::close(gate[1]);
  EXPECT_TRUE(load(target, "team/saxpy"));
}

} // namespace registry::test
