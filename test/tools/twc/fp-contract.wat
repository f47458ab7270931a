;; --fp-contract=fast: both targets have the same operations, the artifact says
;; so, and verifying it takes a tolerance. Nothing of it without the option.

;; RUN: twc %s --emit=ptx --target=sm_80 --fp-contract=fast | FileCheck %s --check-prefix=PTX
;; RUN: twc %s --emit=llvm --target=host --fp-contract=fast | FileCheck %s --check-prefix=HOST
;; RUN: twc %s --emit=ptx --target=sm_80 --fp-contract=off | FileCheck %s --check-prefix=OFF
;; RUN: twc %s --emit=llvm --target=host | FileCheck %s --check-prefix=OFF
;; RUN: twc %s --emit=llvm --target=host --fp-contract=fast | FileCheck %s --check-prefix=FLAGS
;; OFF-NOT: fma
;; FLAGS-NOT: {{(call|fadd|fmul|fneg) (contract|fast) }}

;; A sign is part of the operation.
;; PTX-LABEL: .entry tw_difference(
;; PTX-NOT: xor
;; PTX: neg.f64
;; PTX: fma.rn.f64
;; HOST-LABEL: define{{.*}} @tw_difference(
;; HOST: fneg double
;; HOST: call double @llvm.fma.f64(

;; PTX-LABEL: .entry tw_sum(
;; PTX: fma.rn.f32
;; HOST-LABEL: define{{.*}} @tw_sum(
;; HOST: call float @llvm.fma.f32(

;; RUN: twc %s -o %t.ptxbin --target=host --fp-contract=fast
;; RUN: twreg show %t.ptxbin | FileCheck %s --check-prefix=SHOW
;; RUN: twreg show %t.ptxbin --json | FileCheck %s --check-prefix=JSON
;; RUN: twrun info %t.ptxbin --allow-unsigned | FileCheck %s --check-prefix=INFO
;; RUN: twc %s -o %t.strict.ptxbin --target=host
;; RUN: twreg show %t.strict.ptxbin | FileCheck %s --check-prefix=STRICT
;; SHOW: float mode{{ +}}contracted
;; JSON-DAG: "--fp-contract=fast"
;; JSON-DAG: "floatingPoint": "contracted"
;; INFO: floats{{ +}}contracted
;; STRICT: float mode{{ +}}strict

;; (1 + 2^-12)^2 - (1 + 2^-11) is 2^-24, which a product of its own rounds off.
;; RUN: twrun invoke %t.ptxbin sum --allow-unsigned --device host \
;; RUN:   -- 0x1.001p0 0x1.001p0 -0x1.002p0 | FileCheck %s --check-prefix=ONCE
;; RUN: twrun invoke %t.strict.ptxbin sum --allow-unsigned --device host --verify \
;; RUN:   -- 0x1.001p0 0x1.001p0 -0x1.002p0 | FileCheck %s --check-prefix=TWICE
;; ONCE: f32:5.9604645e-08
;; TWICE: f32:0

;; RUN: not twrun invoke %t.ptxbin sum --allow-unsigned --device host --verify \
;; RUN:   -- 0x1.001p0 0x1.001p0 -0x1.002p0 2>&1 | FileCheck %s --check-prefix=REFUSED
;; REFUSED: --verify needs --tolerance for this artifact: its floating point is 'contracted'
;; RUN: twrun invoke %t.ptxbin sum --allow-unsigned --device host --verify \
;; RUN:   --tolerance=abs:1e-7 -- 0x1.001p0 0x1.001p0 -0x1.002p0 | FileCheck %s --check-prefix=WITHIN
;; WITHIN: 1 number differs within abs:1e-07
;; RUN: not twrun invoke %t.ptxbin sum --allow-unsigned --device host --verify \
;; RUN:   --tolerance=abs:1e-8 -- 0x1.001p0 0x1.001p0 -0x1.002p0 2>&1 | FileCheck %s --check-prefix=BEYOND
;; BEYOND: result 1 is

;; A global too, and a grid as well as an invocation.
;; RUN: twrun invoke %t.ptxbin keep --allow-unsigned --device host --verify \
;; RUN:   --tolerance=abs:1e-7 -- 0x1.001p0 0x1.001p0 -0x1.002p0 | FileCheck %s --check-prefix=WITHIN
;; RUN: not twrun invoke %t.ptxbin keep --allow-unsigned --device host --verify \
;; RUN:   --tolerance=ulp:0 -- 0x1.001p0 0x1.001p0 -0x1.002p0 2>&1 | FileCheck %s --check-prefix=GLOBAL
;; GLOBAL: global 0 is
;; RUN: twrun launch %t.ptxbin store --grid 1 --block 1 --allow-unsigned --device host --verify \
;; RUN:   --tolerance=abs:1e-7 -- @zeros:f32:1 0x1.001p0 0x1.001p0 -0x1.002p0 | FileCheck %s --check-prefix=WITHIN

(module
  (memory 1)
  (global $kept (mut f32) (f32.const 0))
  (func (export "difference") (param f64 f64 f64) (result f64)
    (f64.sub (local.get 2) (f64.mul (local.get 0) (local.get 1))))
  (func $sum (export "sum") (param f32 f32 f32) (result f32)
    (f32.add (f32.mul (local.get 0) (local.get 1)) (local.get 2)))
  (func (export "keep") (param f32 f32 f32)
    (global.set $kept (call $sum (local.get 0) (local.get 1) (local.get 2))))
  (func (export "store") (param i32 f32 f32 f32)
    (f32.store (local.get 0)
      (call $sum (local.get 1) (local.get 2) (local.get 3)))))
