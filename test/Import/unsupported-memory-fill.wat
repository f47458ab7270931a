;; memory.fill.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x00002b: error: instruction 'memory.fill' is not supported by this version of twc, in function 0

(module
 (memory 1)
 (func $kernel (export "f")
  (memory.fill (i32.const 0) (i32.const 0) (i32.const 0))))
