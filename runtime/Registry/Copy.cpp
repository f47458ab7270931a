//===- Copy.cpp - entries from one layout to another ----------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One entry at a time is in memory. The index of the target follows at the end.
//
//===----------------------------------------------------------------------===//

#include "Registry/Copy.h"

namespace registry {

bool isSelected(const Located &located, const Selection &selection) {
  if (!selection)
    return true;
  return located.claim && located.claim->name == selection->name &&
         (!selection->version || *selection->version == located.claim->version);
}

Expected<Copied> copyEntries(const Registry &from, Registry &to,
                             const Selection &selection, const Admit &admit,
                             const Progress &progress) {
  auto all = from.locateAll();
  if (!all)
    return all.error();
  std::erase_if(*all, [&](const Located &located) {
    return !isSelected(located, selection);
  });
  if (all->empty() && selection)
    return makeError(ErrorKind::NotFound,
                     from.path() + ": no entry " + selection->name +
                         (selection->version ? ":" + *selection->version : ""));
  Copied out;
  Expected<void> failure;
  for (size_t i = 0; i < all->size() && failure; ++i) {
    if (progress)
      progress((*all)[i].label, i, all->size());
    auto artifact = from.load((*all)[i], admit);
    if (!artifact) {
      failure = artifact.error();
    } else if (!*artifact) {
      ++out.others;
    } else if (auto added = to.add(**artifact, Rule::Copy, Index::Later);
               !added) {
      failure = added.error();
    } else if (*added == Added::Present) {
      ++out.present;
    } else {
      out.added.push_back((*artifact)->record);
    }
  }
  if (!out.added.empty())
    if (auto ok = to.refreshIndex(); !ok)
      return ok.error();
  if (!failure)
    return failure.error();
  return out;
}

} // namespace registry
