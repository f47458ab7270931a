;; SIMD instructions do not exist here yet.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000020: error: instruction 'v128.const' is not supported by this version of twc, in function 0

(module
 (func (export "f")
  v128.const i32x4 0 0 0 0
  drop))
