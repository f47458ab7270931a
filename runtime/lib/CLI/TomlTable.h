//===- TomlTable.h - a table of a pipeline file -----------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keys of known types and sizes, and errors with their places. For one reader,
// which catches Wrong.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_LIB_CLI_TOMLTABLE_H
#define TWRUN_LIB_CLI_TOMLTABLE_H

#include "Pipeline.h"

#include "lib/Quote.h"

#include <algorithm>
#include <toml++/toml.h>

namespace twrun::cli {

inline SourcePlace placeOf(const toml::source_position &position) {
  return {position.line, position.column};
}
inline SourcePlace placeOf(const toml::node &node) {
  return placeOf(node.source().begin);
}

/// What is wrong; thrown while a file is read, and caught there.
struct Wrong {
  SourcePlace place;
  Error error;
};

[[noreturn]] inline void fail(SourcePlace place, std::string message,
                              ErrorKind kind = ErrorKind::Malformed) {
  throw Wrong{place, makeError(kind, std::move(message))};
}

/// One table of the file: its keys, each of a known type.
class Table {
public:
  Table(const toml::table &table, std::string what)
      : table(table), what(std::move(what)) {}

  SourcePlace place() const { return placeOf(table); }

  void onlyKeys(std::initializer_list<std::string_view> known) const {
    for (const auto &[key, value] : table)
      if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
        std::string list;
        for (std::string_view name : known)
          list += (list.empty() ? "" : ", ") + std::string(name);
        fail(placeOf(key.source().begin), "unknown key " +
                                              quoteName(key.str()) + " in " +
                                              what + ": expected " + list);
      }
  }

  const toml::node *find(const char *key) const { return table.get(key); }

  const toml::node &need(const char *key) const {
    const toml::node *node = find(key);
    if (!node)
      fail(place(), what + " needs " + key);
    return *node;
  }

  std::optional<std::string> text(const char *key) const {
    const toml::node *node = find(key);
    if (!node)
      return std::nullopt;
    const auto *value = node->as_string();
    if (!value || value->get().empty())
      fail(placeOf(*node), std::string(key) + ": expected a text");
    // What goes to the operating system or the manifest ends at a NUL.
    if (value->get().find('\0') != std::string::npos)
      fail(placeOf(*node), std::string(key) + ": a text with a NUL character");
    return value->get();
  }

  std::string neededText(const char *key) const {
    need(key);
    return *text(key);
  }

  uint64_t number(const char *key, uint64_t least, uint64_t most,
                  uint64_t otherwise) const {
    const toml::node *node = find(key);
    return node ? numberOf(*node, key, least, most) : otherwise;
  }

  static uint64_t numberOf(const toml::node &node, const char *key,
                           uint64_t least, uint64_t most) {
    const auto *value = node.as_integer();
    if (!value || value->get() < 0 || uint64_t(value->get()) < least ||
        uint64_t(value->get()) > most)
      fail(placeOf(node), std::string(key) + ": expected an integer from " +
                              std::to_string(least) + " to " +
                              std::to_string(most));
    return uint64_t(value->get());
  }

  const toml::array &neededArray(const char *key,
                                 const std::string &expected) const {
    const toml::node &node = need(key);
    if (!node.is_array())
      fail(placeOf(node), std::string(key) + ": expected " + expected);
    return *node.as_array();
  }

private:
  const toml::table &table;
  std::string what;
};

} // namespace twrun::cli

#endif // TWRUN_LIB_CLI_TOMLTABLE_H
