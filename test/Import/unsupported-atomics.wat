;; Atomic instructions, on an unshared memory.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000027: error: instruction 'i32.atomic.load' is not supported by this version of twc, in function 0

(module
 (memory 1)
 (func $kernel (export "f")
  (drop (i32.atomic.load (i32.const 0)))))
