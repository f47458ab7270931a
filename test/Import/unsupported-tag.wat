;; Tags of exceptions.
;;
;; RUN: %python %S/Inputs/refused.py %s | FileCheck %s --match-full-lines

;; CHECK: twc: INPUT:0x000017: error: a tag is not supported by this version of twc

(module
 (tag)
 (func $kernel (export "f")
  (throw 0)))
