;; Tail calls.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x00001f: error: instruction 'return_call' is not supported by this version of twc, in function 0

(module
 (func $kernel (export "f")
  (return_call $kernel)))
