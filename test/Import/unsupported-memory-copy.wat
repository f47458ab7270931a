;; memory.copy, in the second function.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x00002f: error: instruction 'memory.copy' is not supported by this version of twc, in function 1

(module
 (memory 1)
 (func $g)
 (func $kernel (export "f")
  (memory.copy (i32.const 0) (i32.const 0) (i32.const 0))))
