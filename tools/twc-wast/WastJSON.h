//===- WastJSON.h - what wast2json makes of a .wast file --------*- C++ -*-===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The commands in order, with the module files that they name read in. WABT's
// docs/wast2json.md describes the format.
//
//===----------------------------------------------------------------------===//

#ifndef TWC_WAST_WASTJSON_H
#define TWC_WAST_WASTJSON_H

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace twc::wast {

struct WastCommand {
  unsigned line = 0;
  std::string type;       // "module", "register", "assert_return" ...
  std::string name;       // "$M", of a module or of what is registered
  std::string as;         // the name that `register` gives
  std::string text;       // the failure that is expected
  std::string filename;   // the module's file, if there is one
  std::vector<uint8_t> bytes; // and what is in it, binary or text
  llvm::json::Object json; // all of it, for what is passed on unread
};

struct WastFile {
  std::string source; // the .wast file's name without its directory
  std::vector<WastCommand> commands;
};

/// Reads `path` and the modules beside it.
llvm::Expected<WastFile> readWastJSON(llvm::StringRef path);

/// "FILE: what".
llvm::Error makeError(llvm::StringRef file, const llvm::Twine &what);

} // namespace twc::wast

#endif // TWC_WAST_WASTJSON_H
