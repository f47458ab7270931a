// RUN: not twc-opt %s -convert-twasm-to-std=isolate-reach=4294967296 2>&1 | FileCheck %s
// RUN: not twc-opt %s -convert-twasm-to-std=isolate-reach=8589934592 2>&1 | FileCheck %s --check-prefix=FAR
// RUN: twc-opt %s -convert-twasm-to-std=isolate-reach=4297064448

// CHECK: error: incorrect isolate-reach: expected 0, or 4297064448 to 4362076160, but got 4294967296
// FAR: but got 8589934592
module {
}
