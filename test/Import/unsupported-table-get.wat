;; table.get.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000027: error: instruction 'table.get' is not supported by this version of twc, in function 0

(module
 (table 1 funcref)
 (func $kernel (export "f")
  (drop (table.get 0 (i32.const 0)))))
