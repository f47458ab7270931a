//===- WastJSON.cpp - what wast2json makes of a .wast file ----------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Module files are read from the script's own directory only.
//
//===----------------------------------------------------------------------===//

#include "WastJSON.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace twc;
using namespace twc::wast;

llvm::Error wast::makeError(llvm::StringRef file, const llvm::Twine &what) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 file + ": " + what);
}

static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
readFile(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return makeError(path, "cannot be read: " + buffer.getError().message());
  return std::move(*buffer);
}

static llvm::Error readModule(llvm::StringRef path, WastCommand &command) {
  // A name with a directory in it would lead out of the script's own.
  if (llvm::sys::path::filename(command.filename) != command.filename)
    return makeError(path, "line " + llvm::Twine(command.line) +
                               ": expected a module file beside this one, "
                               "but got '" +
                               command.filename + "'");
  llvm::SmallString<128> file(llvm::sys::path::parent_path(path));
  llvm::sys::path::append(file, command.filename);
  auto buffer = readFile(file);
  if (!buffer)
    return buffer.takeError();
  llvm::StringRef text = (*buffer)->getBuffer();
  command.bytes.assign(text.bytes_begin(), text.bytes_end());
  return llvm::Error::success();
}

llvm::Expected<WastFile> wast::readWastJSON(llvm::StringRef path) {
  auto buffer = readFile(path);
  if (!buffer)
    return buffer.takeError();
  auto parsed = llvm::json::parse((*buffer)->getBuffer());
  if (!parsed)
    return makeError(path, llvm::toString(parsed.takeError()));
  llvm::json::Object *root = parsed->getAsObject();
  llvm::json::Array *commands = root ? root->getArray("commands") : nullptr;
  if (!commands)
    return makeError(path, "no commands: expected wast2json's output");

  WastFile file;
  if (auto source = root->getString("source_filename"))
    file.source = llvm::sys::path::filename(*source).str();
  for (llvm::json::Value &value : *commands) {
    llvm::json::Object *object = value.getAsObject();
    std::optional<llvm::StringRef> type;
    std::optional<int64_t> line;
    if (object) {
      type = object->getString("type");
      line = object->getInteger("line");
    }
    if (!type || !line || *line < 0)
      return makeError(path, "a command without type or line");
    WastCommand command;
    command.type = type->str();
    command.line = static_cast<unsigned>(*line);
    command.name = object->getString("name").value_or("").str();
    command.as = object->getString("as").value_or("").str();
    command.text = object->getString("text").value_or("").str();
    command.filename = object->getString("filename").value_or("").str();
    if (!command.filename.empty())
      if (llvm::Error error = readModule(path, command))
        return std::move(error);
    command.json = std::move(*object);
    file.commands.push_back(std::move(command));
  }
  return file;
}
