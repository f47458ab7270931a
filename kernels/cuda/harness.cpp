//===- harness.cpp - launches a CUDA twin ---------------------------------===//
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Launches a kernel of a cubin with arguments as `twrun launch` takes them
// (docs/TwrunCLI.md), so that scripts/run-kernels.py checks twins with what it
// checks the guests with:
//
//   harness FILE.cubin KERNEL --grid X[,Y[,Z]] --block X[,Y[,Z]]
//     [--repeat N] -- ARGS...
//
// An argument is @SOURCE[=PATH.npy], a buffer (zeros:TYPE:SHAPE,
// random:SEED:TYPE:SHAPE or PATH.npy); a number with a point, an f32; any other
// number, a u32. Buffers are of the device's own memory. Prints a JSON object
// with the kernel's times by CUDA events: first, least, median. The driver is
// loaded at run time.
//
//===----------------------------------------------------------------------===//

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cuda.h>
#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

[[noreturn]] void fail(const std::string &what) {
  throw std::runtime_error(what);
}

/// A function of the driver, called with its result checked.
template <typename... Parameters> class Function {
public:
  Function(void *driver, const char *name) : name(name) {
    pointer =
        reinterpret_cast<CUresult (*)(Parameters...)>(dlsym(driver, name));
    if (!pointer)
      fail(std::string("the CUDA driver has no ") + name);
  }
  template <typename... Arguments> void operator()(Arguments... arguments) {
    if (CUresult code = pointer(arguments...))
      fail(std::string(name) + " returned " + std::to_string(code));
  }

private:
  const char *name;
  CUresult (*pointer)(Parameters...);
};

void *openDriver() {
  void *driver = dlopen("libcuda.so.1", RTLD_NOW);
  if (!driver)
    fail("no CUDA driver: libcuda.so.1 cannot be loaded");
  return driver;
}

struct Driver {
  void *library = openDriver();
#define DRIVER(field, symbol, ...)                                             \
  Function<__VA_ARGS__> field { library, symbol }
  DRIVER(init, "cuInit", unsigned);
  DRIVER(deviceGet, "cuDeviceGet", CUdevice *, int);
  DRIVER(retain, "cuDevicePrimaryCtxRetain", CUcontext *, CUdevice);
  DRIVER(setCurrent, "cuCtxSetCurrent", CUcontext);
  DRIVER(synchronize, "cuCtxSynchronize");
  DRIVER(load, "cuModuleLoad", CUmodule *, const char *);
  DRIVER(function, "cuModuleGetFunction", CUfunction *, CUmodule, const char *);
  DRIVER(allocate, "cuMemAlloc_v2", CUdeviceptr *, size_t);
  DRIVER(toDevice, "cuMemcpyHtoD_v2", CUdeviceptr, const void *, size_t);
  DRIVER(toHost, "cuMemcpyDtoH_v2", void *, CUdeviceptr, size_t);
  DRIVER(createEvent, "cuEventCreate", CUevent *, unsigned);
  DRIVER(record, "cuEventRecord", CUevent, CUstream);
  DRIVER(elapsed, "cuEventElapsedTime", float *, CUevent, CUevent);
  DRIVER(launch, "cuLaunchKernel", CUfunction, unsigned, unsigned, unsigned,
         unsigned, unsigned, unsigned, unsigned, CUstream, void **, void **);
#undef DRIVER
};

/// A buffer: the file it is saved to, NumPy's type and shape, and its bytes.
struct Buffer {
  std::string sink, type, shape;
  std::vector<uint8_t> bytes;
  CUdeviceptr address = 0;
};

std::string field(std::string &text, char end) {
  size_t at = text.find(end);
  std::string head = text.substr(0, at);
  text = at == std::string::npos ? "" : text.substr(at + 1);
  return head;
}

size_t widthOf(const std::string &type) {
  size_t bits = type.size() > 1 ? strtoul(type.c_str() + 1, nullptr, 10) : 0;
  if (!strchr("iuf", type[0]) ||
      (bits != 8 && bits != 16 && bits != 32 && bits != 64))
    fail("unknown type '" + type + "'");
  return bits / 8;
}

/// SplitMix64, as docs/TwrunCLI.md defines random buffers.
void fillRandom(Buffer &buffer, uint64_t state) {
  size_t width = widthOf(buffer.type);
  for (size_t at = 0; at < buffer.bytes.size(); at += width) {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    z ^= z >> 31;
    uint64_t bits = z >> (64 - 8 * width);
    if (buffer.type == "f32") {
      float value = static_cast<float>(z >> 40) * 0x1p-23f - 1;
      memcpy(&bits, &value, sizeof value);
    } else if (buffer.type == "f64") {
      double value = static_cast<double>(z >> 11) * 0x1p-52 - 1;
      memcpy(&bits, &value, sizeof value);
    }
    memcpy(&buffer.bytes[at], &bits, width);
  }
}

/// A one-dimensional array, as run-kernels.py writes them.
void readArray(Buffer &buffer, const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<char> data(std::istreambuf_iterator<char>(file), {});
  if (data.size() < 10 || memcmp(data.data(), "\x93NUMPY\x01", 7) != 0)
    fail("'" + path + "' is no .npy file of version 1");
  size_t start = 10 + uint8_t(data[8]) + 256 * uint8_t(data[9]);
  if (start > data.size())
    fail("'" + path + "' ends within its header");
  buffer.bytes.assign(data.begin() + start, data.end());
  buffer.type = "u8", buffer.shape = std::to_string(buffer.bytes.size());
}

void writeArray(const Buffer &buffer) {
  size_t width = widthOf(buffer.type);
  std::string header = std::string("{'descr': '") + (width == 1 ? '|' : '<') +
                       buffer.type[0] + std::to_string(width) +
                       "', 'fortran_order': False, 'shape': (" + buffer.shape +
                       ",), }";
  header += std::string(63 - (header.size() + 10) % 64, ' ') + '\n';
  std::ofstream file(buffer.sink, std::ios::binary);
  file.write("\x93NUMPY\x01\0", 8);
  file.put(char(header.size() & 255)).put(char(header.size() >> 8));
  file << header;
  file.write(reinterpret_cast<const char *>(buffer.bytes.data()),
             buffer.bytes.size());
  if (!file.flush())
    fail("cannot write '" + buffer.sink + "'");
}

Buffer parseBuffer(std::string text) {
  Buffer buffer;
  std::string source = field(text, '=');
  buffer.sink = text;
  std::string path = source, kind = field(source, ':');
  if (kind != "zeros" && kind != "random") {
    readArray(buffer, path);
    return buffer;
  }
  uint64_t seed =
      kind == "random" ? strtoull(field(source, ':').c_str(), nullptr, 10) : 0;
  buffer.type = field(source, ':');
  size_t elements = 1;
  while (!source.empty()) {
    size_t extent = strtoull(field(source, 'x').c_str(), nullptr, 10);
    if (extent == 0 || extent > (size_t(1) << 34) / elements)
      fail("a buffer's shape is empty or too large: '" + path + "'");
    elements *= extent;
  }
  buffer.shape = std::to_string(elements);
  buffer.bytes.resize(elements * widthOf(buffer.type));
  if (kind == "random")
    fillRandom(buffer, seed);
  return buffer;
}

std::vector<unsigned> parseDim(std::string text) {
  std::vector<unsigned> dim;
  while (!text.empty())
    dim.push_back(strtoul(field(text, ',').c_str(), nullptr, 10));
  dim.resize(3, 1);
  return dim;
}

struct Command {
  const char *file, *kernel;
  std::vector<unsigned> grid{1, 1, 1}, block{1, 1, 1};
  unsigned repeat = 1;
  std::vector<std::string> arguments{};
};

Command parseCommand(int argc, char **argv) {
  if (argc < 3)
    fail("usage: harness FILE.cubin KERNEL --grid G --block B [--repeat N] "
         "-- ARGS...");
  Command command{argv[1], argv[2]};
  int i = 3;
  for (; i + 1 < argc && strcmp(argv[i], "--") != 0; i += 2) {
    std::string option = argv[i];
    if (option == "--grid")
      command.grid = parseDim(argv[i + 1]);
    else if (option == "--block")
      command.block = parseDim(argv[i + 1]);
    else if (option == "--repeat")
      command.repeat = std::max(1ul, strtoul(argv[i + 1], nullptr, 10));
    else
      fail("unknown option '" + option + "'");
  }
  command.arguments.assign(argv + std::min(i + 1, argc), argv + argc);
  return command;
}

void run(const Command &command) {
  Driver cuda;
  CUdevice device;
  CUcontext context;
  CUmodule module;
  CUfunction function;
  cuda.init(0u);
  cuda.deviceGet(&device, 0);
  cuda.retain(&context, device);
  cuda.setCurrent(context);
  cuda.load(&module, command.file);
  cuda.function(&function, module, command.kernel);

  std::vector<Buffer> buffers;
  std::vector<uint64_t> values;
  buffers.reserve(command.arguments.size());
  for (const std::string &text : command.arguments) {
    uint64_t value = 0;
    if (text[0] == '@') {
      Buffer &buffer = buffers.emplace_back(parseBuffer(text.substr(1)));
      cuda.allocate(&buffer.address, buffer.bytes.size());
      cuda.toDevice(buffer.address, buffer.bytes.data(), buffer.bytes.size());
      value = buffer.address;
    } else if (text.find('.') != std::string::npos) {
      float number = strtof(text.c_str(), nullptr);
      memcpy(&value, &number, sizeof number);
    } else {
      value = static_cast<uint32_t>(strtoll(text.c_str(), nullptr, 0));
    }
    values.push_back(value);
  }
  std::vector<void *> parameters;
  for (uint64_t &value : values)
    parameters.push_back(&value);

  CUevent begin, end;
  cuda.createEvent(&begin, 0u);
  cuda.createEvent(&end, 0u);
  std::vector<float> times;
  for (unsigned i = 0; i < command.repeat; ++i) {
    const auto &grid = command.grid, &block = command.block;
    cuda.record(begin, nullptr);
    cuda.launch(function, grid[0], grid[1], grid[2], block[0], block[1],
                block[2], 0u, nullptr, parameters.data(), nullptr);
    cuda.record(end, nullptr);
    cuda.synchronize();
    cuda.elapsed(&times.emplace_back(), begin, end);
  }
  for (Buffer &buffer : buffers) {
    if (buffer.sink.empty())
      continue;
    cuda.toHost(buffer.bytes.data(), buffer.address, buffer.bytes.size());
    writeArray(buffer);
  }
  float first = times[0];
  std::sort(times.begin(), times.end());
  printf(
      "{\"seconds\": {\"first\": %.9f, \"least\": %.9f, \"median\": %.9f}}\n",
      first / 1e3, times[0] / 1e3, times[times.size() / 2] / 1e3);
}

} // namespace

int main(int argc, char **argv) {
  try {
    run(parseCommand(argc, argv));
  } catch (const std::exception &error) {
    fprintf(stderr, "harness: %s\n", error.what());
    return 1;
  }
}
