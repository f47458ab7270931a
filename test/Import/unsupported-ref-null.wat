;; Reference values.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x00001f: error: instruction 'ref.null' is not supported by this version of twc, in function 0

(module
 (func $kernel (export "f")
  (drop (ref.null func))))
