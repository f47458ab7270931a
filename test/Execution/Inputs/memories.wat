;; Three memories: copies from one to another (the destination comes first, in
;; the text and in the operands), sizes, bounds, and one with 64-bit addresses.

  (memory $a (export "memory") 1)
  (memory $b 2 3)
  (memory $c i64 1 1)
  (data $ab "ABCD")
  (data (memory $b) (i32.const 100) "abcd")
  (func (export "copy_to_b") (result i32 i32)
    (memory.init $a $ab (i32.const 8) (i32.const 0) (i32.const 4))
    (memory.copy $b $a (i32.const 16) (i32.const 8) (i32.const 4))
    (i32.load $a (i32.const 8)) (i32.load $b (i32.const 16)))
  (func (export "copy_to_a") (result i32 i32)
    (memory.copy $a $b (i32.const 16) (i32.const 100) (i32.const 4))
    (i32.load $a (i32.const 16)) (i32.load $b (i32.const 100)))
  (func (export "sizes") (result i32 i32 i64 i32)
    (memory.size $a) (memory.grow $b (i32.const 1))
    (memory.size $c) (memory.size $b))
  ;; $a ends at 65536, $b at twice that.
  (func (export "copy_beyond") (param i32)
    (memory.copy $b $a (i32.const 0) (local.get 0) (i32.const 4)))
  (func (export "wide") (param i64) (result i32)
    (memory.copy $c $b (local.get 0) (i32.const 100) (i32.const 4))
    (i32.load $c (local.get 0)))
