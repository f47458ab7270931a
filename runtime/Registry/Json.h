//===- Json.h - JSON from anyone --------------------------------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parsing of JSON that was written by others: bounded in depth before it is
// parsed, and without members given twice, which readers would take
// differently.
//
//===----------------------------------------------------------------------===//

#ifndef TWRUN_REGISTRY_JSON_H
#define TWRUN_REGISTRY_JSON_H

#include "Registry/Names.h"

#include <nlohmann/json.hpp>

namespace registry {

using json = nlohmann::json;

inline constexpr unsigned maxJsonDepth = 16;

/// `what` is put in front of messages. The size is bounded by whoever read the
/// bytes. Never throws.
Expected<json> parseJson(ByteView bytes, const std::string &what);

/// Compact and sorted, with a line feed: the same bytes for the same document.
Bytes encodeJson(const json &document);

/// A member of an object, or nothing where it is absent or of another type.
const std::string *stringMember(const json &object, const char *key);
std::optional<uint64_t> numberMember(const json &object, const char *key);

} // namespace registry

#endif // TWRUN_REGISTRY_JSON_H
