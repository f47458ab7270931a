//===- PolicyParse.cpp - reading a policy ---------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TOML, strictly: a member that is not known is an error, since a misspelt rule
// would be none.
//
//===----------------------------------------------------------------------===//

#include "Registry/Policy.h"

#include <algorithm>
#include <ctime>
#include <toml++/toml.h>

namespace registry {

namespace {
/// The first error of a document; what follows it is not looked at.
class Reader {
public:
  explicit Reader(std::string where) : where(std::move(where)) {}
  Expected<void> failure;

  void fail(const std::string &member, const std::string &expected) {
    if (failure)
      failure = makeError(ErrorKind::Malformed,
                          where + ": " + member + ": expected " + expected);
  }

  void unknown(const std::string &member) {
    if (failure)
      failure = makeError(ErrorKind::Malformed,
                          where + ": " + member + ": unknown member");
  }

  void onlyMembers(const toml::table &table, const std::string &path,
                   std::initializer_list<std::string_view> known) {
    for (const auto &[key, value] : table)
      if (std::find(known.begin(), known.end(), key.str()) == known.end())
        unknown(path + std::string(key.str()));
  }

  uint64_t number(const toml::table &table, const char *key,
                  const std::string &path, uint64_t least, uint64_t most,
                  std::optional<uint64_t> otherwise = std::nullopt) {
    const toml::node *node = table.get(key);
    if (!node && otherwise)
      return *otherwise;
    auto value = node && node->is_integer() ? node->value<int64_t>()
                                            : std::optional<int64_t>();
    if (value && *value >= 0 && uint64_t(*value) >= least &&
        uint64_t(*value) <= most)
      return uint64_t(*value);
    fail(path + key, "an integer from " + std::to_string(least) + " to " +
                         std::to_string(most));
    return least;
  }

  std::string text(const toml::table &table, const char *key,
                   const std::string &path) {
    const toml::node *node = table.get(key);
    if (node && node->is_string())
      return **node->as_string();
    fail(path + key, "a string");
    return {};
  }

  /// An offset date-time, in seconds since 1970.
  int64_t time(const toml::table &table, const char *key) {
    const toml::node *node = table.get(key);
    const auto *value = node ? node->as_date_time() : nullptr;
    if (!value || !(*value)->offset) {
      fail(key, "a date and time with an offset, such as "
                "2026-01-31T00:00:00Z");
      return 0;
    }
    const toml::date_time &moment = **value;
    std::tm parts{};
    parts.tm_year = moment.date.year - 1900;
    parts.tm_mon = moment.date.month - 1;
    parts.tm_mday = moment.date.day;
    parts.tm_hour = moment.time.hour;
    parts.tm_min = moment.time.minute;
    parts.tm_sec = moment.time.second;
    return int64_t(::timegm(&parts)) - int64_t(moment.offset->minutes) * 60;
  }

  std::vector<std::string> texts(const toml::table &table, const char *key,
                                 const std::string &path, bool needed) {
    std::vector<std::string> out;
    const toml::node *node = table.get(key);
    if (!node && !needed)
      return out;
    const toml::array *array = node ? node->as_array() : nullptr;
    if (!array) {
      fail(path + key, "a list of strings");
      return out;
    }
    for (const toml::node &item : *array)
      if (const auto *string = item.as_string())
        out.push_back(**string);
      else
        fail(path + key, "a list of strings");
    return out;
  }

  /// The tables of `[[key]]`.
  std::vector<const toml::table *> tables(const toml::table &table,
                                          const char *key) {
    std::vector<const toml::table *> out;
    const toml::node *node = table.get(key);
    if (!node)
      return out;
    const toml::array *array = node->as_array();
    if (!array)
      fail(key, std::string("[[") + key + "]] tables");
    else
      for (const toml::node &item : *array)
        if (const toml::table *one = item.as_table())
          out.push_back(one);
        else
          fail(key, std::string("[[") + key + "]] tables");
    return out;
  }

  ptxbin::PublicKey key(const std::string &base64, const std::string &path) {
    auto parsed = ptxbin::parsePublicKey(base64, where + ": " + path);
    if (parsed)
      return *parsed;
    if (failure)
      failure = parsed.error();
    return {};
  }

private:
  std::string where;
};
} // namespace

static PolicyKey readKey(Reader &in, const toml::table &table,
                         const std::string &path) {
  in.onlyMembers(
      table, path,
      {"name", "public", "publisher", "names", "images", "roles", "state"});
  PolicyKey out;
  out.name = in.text(table, "name", path);
  out.key = in.key(in.text(table, "public", path), path + "public");
  out.publisher = in.text(table, "publisher", path);
  out.names = in.texts(table, "names", path, /*needed=*/true);
  for (const std::string &glob : out.names)
    if (glob.empty() || glob.size() > maxNameBytes)
      in.fail(path + "names",
              "globs of 1 to " + std::to_string(maxNameBytes) + " bytes");
  for (const std::string &kind :
       in.texts(table, "images", path, /*needed=*/true)) {
    if (kind == "wasm")
      out.images |= ImageKind::Wasm;
    else if (kind == "ptx")
      out.images |= ImageKind::Ptx;
    else if (kind == "cubin")
      out.images |= ImageKind::Cubin;
    else if (kind == "host")
      out.images |= ImageKind::Host;
    else
      in.fail(path + "images", "\"wasm\", \"ptx\", \"cubin\" and \"host\"");
  }
  if (table.contains("roles")) {
    out.mayPublish = false;
    for (const std::string &role :
         in.texts(table, "roles", path, /*needed=*/true)) {
      if (role != "publisher" && role != "finalizer")
        in.fail(path + "roles", "\"publisher\" and \"finalizer\"");
      out.mayPublish |= role == "publisher";
      out.mayFinalize |= role == "finalizer";
    }
  }
  std::string state = in.text(table, "state", path);
  if (state == "active")
    out.state = KeyState::Active;
  else if (state == "retiring")
    out.state = KeyState::Retiring;
  else if (state == "revoked")
    out.state = KeyState::Revoked;
  else
    in.fail(path + "state", "\"active\", \"retiring\" or \"revoked\"");
  return out;
}

static void readRoots(Reader &in, const toml::table &document, Policy &out) {
  const toml::node *node = document.get("root");
  if (!node)
    return;
  const toml::table *root = node->as_table();
  if (!root)
    return in.fail("root", "a table");
  in.onlyMembers(*root, "root.", {"keys", "threshold"});
  for (const std::string &base64 :
       in.texts(*root, "keys", "root.", /*needed=*/true)) {
    ptxbin::PublicKey key = in.key(base64, "root.keys");
    if (std::find(out.roots.begin(), out.roots.end(), key) != out.roots.end())
      in.fail("root.keys", "each key once");
    out.roots.push_back(key);
  }
  if (out.roots.empty() || out.roots.size() > maxPolicyKeys)
    in.fail("root.keys", "1 to " + std::to_string(maxPolicyKeys) + " keys");
  out.rootThreshold = in.number(*root, "threshold", "root.", 1,
                                std::max<uint64_t>(1, out.roots.size()));
}

static void readDocument(Reader &in, const toml::table &document, Policy &out) {
  in.onlyMembers(document, "",
                 {"schema", "version", "issued", "expires", "max-age-days",
                  "threshold", "deny", "root", "key", "minimum"});
  in.number(document, "schema", "", 1, 1);
  out.version = in.number(document, "version", "", 1, UINT32_MAX);
  out.issued = in.time(document, "issued");
  out.expires = in.time(document, "expires");
  out.maxAgeDays = in.number(document, "max-age-days", "", 1, 36500, 0);
  out.threshold =
      in.number(document, "threshold", "", 1, ptxbin::maxSignatures);
  for (const std::string &id : in.texts(document, "deny", "", false))
    if (auto digest = parseHex(id))
      out.denied.push_back(*digest);
    else
      in.fail("deny", "content ids of 64 lower-case hexadecimal digits");
  readRoots(in, document, out);
  for (const toml::table *table : in.tables(document, "key")) {
    std::string path = "key[" + std::to_string(out.keys.size()) + "].";
    if (out.keys.size() == maxPolicyKeys)
      return in.fail("key", "at most " + std::to_string(maxPolicyKeys));
    PolicyKey key = readKey(in, *table, path);
    for (const PolicyKey &other : out.keys)
      if (other.key == key.key)
        in.fail(path + "public", "each key once");
    out.keys.push_back(std::move(key));
  }
  for (const toml::table *table : in.tables(document, "minimum")) {
    in.onlyMembers(*table, "minimum.", {"name", "release"});
    Policy::Minimum minimum{
        in.text(*table, "name", "minimum."),
        in.number(*table, "release", "minimum.", 0, uint64_t(1) << 53)};
    if (minimum.glob.size() > maxNameBytes)
      in.fail("minimum.name",
              "a glob of at most " + std::to_string(maxNameBytes) + " bytes");
    out.minima.push_back(std::move(minimum));
  }
}

Expected<Policy> Policy::parse(Bytes text, const std::string &where) {
  if (text.size() > maxPolicyBytes)
    return makeError(ErrorKind::Malformed,
                     where + ": " + std::to_string(text.size()) +
                         " bytes are more than the limit of " +
                         std::to_string(maxPolicyBytes));
  Policy out;
  Reader reader(where);
  try {
    toml::table document = toml::parse(std::string_view(
        reinterpret_cast<const char *>(text.data()), text.size()));
    // A file of a later schema is another one, not a bad one.
    if (auto schema = document["schema"].value<int64_t>();
        schema && *schema != 1)
      return makeError(ErrorKind::Incompatible,
                       where + ": schema " + std::to_string(*schema) +
                           ", but this reader knows 1 only");
    readDocument(reader, document, out);
  } catch (const toml::parse_error &error) {
    return makeError(ErrorKind::Malformed,
                     where + ":" + std::to_string(error.source().begin.line) +
                         ": " + std::string(error.description()));
  } catch (const std::exception &) {
    return makeError(ErrorKind::IO, where + ": out of memory while parsing");
  }
  if (!reader.failure)
    return reader.failure.error();
  out.digest = ptxbin::sha256(text);
  out.text = std::move(text);
  return out;
}

} // namespace registry
