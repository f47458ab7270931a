;; Control flow: functions that control.py applies to many operands at once, in
;; one kernel, so that lanes diverge. Their references stand there.

  ;; br_table with 4 targets and a default.
  (func $br_table (param $i i32) (result i32)
    (block $d (block $c (block $b (block $a
      (br_table $a $b $c $a $d (local.get $i)))
      (return (i32.const 100)))
      (return (i32.const 200)))
      (return (i32.const 300)))
    (i32.const 400))

  ;; A value goes along; a target occurs twice; the default is in the middle.
  (func $br_table_value (param $i i32) (result i32)
    (block $out (result i32)
      (i32.add (i32.const 1000)
        (block $middle (result i32)
          (i32.add (i32.const 10)
            (block $in (result i32)
              (br_table $in $out $in $out $middle
                (i32.mul (local.get $i) (i32.const 3))
                (local.get $i))))))))

  ;; No target but the default; the index is dropped.
  (func $br_table_only_default (param $i i32) (result i32)
    (block $a (br_table $a (local.get $i)))
    (i32.const 7))

  ;; As a loop's back edge: an automaton that counts its steps.
  (func $br_table_loop (param $x i32) (result i32) (local $steps i32)
    (block $done
      (loop $again
        (local.set $steps (i32.add (local.get $steps) (i32.const 1)))
        (br_if $done (i32.gt_u (local.get $steps) (i32.const 40)))
        (block $odd
          (block $even
            (br_table $even $odd $done
              (select (i32.const 2) (i32.and (local.get $x) (i32.const 1))
                      (i32.le_u (local.get $x) (i32.const 1)))))
          (local.set $x (i32.shr_u (local.get $x) (i32.const 1)))
          (br $again))
        (local.set $x
          (i32.add (i32.mul (local.get $x) (i32.const 3)) (i32.const 1)))
        (br $again)))
    (local.get $steps))

  ;; Nested loops with locals carried, and a branch out of both.
  (func $nested_loops (param $n i32) (param $limit i32) (result i32)
    (local $i i32) (local $j i32) (local $sum i32)
    (local.set $n (i32.rem_u (local.get $n) (i32.const 20)))
    (block $out
      (loop $outer
        (br_if $out (i32.ge_u (local.get $i) (local.get $n)))
        (local.set $j (i32.const 0))
        (loop $inner
          (local.set $sum (i32.add (i32.mul (local.get $sum) (i32.const 31))
                                   (i32.xor (local.get $i) (local.get $j))))
          (br_if $out (i32.gt_u (local.get $sum) (local.get $limit)))
          (local.set $j (i32.add (local.get $j) (i32.const 1)))
          (br_if $inner (i32.lt_u (local.get $j) (local.get $i))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $outer)))
    (i32.add (local.get $sum)
             (i32.add (i32.shl (local.get $i) (i32.const 16)) (local.get $j))))

  ;; A loop with parameters: Euclid's algorithm on the stack.
  (func $gcd (param $a i32) (param $b i32) (result i32)
    (local.get $a) (local.get $b)
    (loop $again (param i32 i32) (result i32)
      (local.set $b) (local.set $a)
      (local.get $a)
      (if (param i32) (result i32) (local.get $b)
        (then
          (drop)
          (local.get $b) (i32.rem_u (local.get $a) (local.get $b))
          (br $again))
        (else))))

  ;; Blocks and functions with several results.
  (func $swap_rotate (param $a i32) (param $b i32) (result i32 i32 i32)
    (block (result i32 i32)
      (br_if 0 (local.get $b) (local.get $a) (i32.and (local.get $a) (i32.const 1)))
      (br_if 0 (i32.const 5) (i32.const 6) (i32.and (local.get $b) (i32.const 1)))
      (drop) (drop)
      (drop) (drop)
      (local.get $a) (local.get $b))
    (i32.rotl (local.get $a) (i32.const 7)))
  (func $multi_value (param $a i32) (param $b i32) (result i32)
    (call $swap_rotate (local.get $a) (local.get $b))
    (i32.sub) (i32.const 3) (i32.mul) (i32.add))

  ;; `if` without else, with and without branch out of it.
  (func $if_without_else (param $x i32) (result i32) (local $r i32)
    (local.set $r (i32.const 1))
    (if (i32.and (local.get $x) (i32.const 1))
      (then (local.set $r (i32.const 2))))
    (if $l (i32.and (local.get $x) (i32.const 2))
      (then
        (br_if $l (i32.and (local.get $x) (i32.const 4)))
        (local.set $r (i32.add (local.get $r) (i32.const 10)))))
    (local.get $r))

  ;; Any non-zero i32 is true.
  (func $truth (param $x i32) (result i32)
    (i32.add
      (if (result i32) (local.get $x) (then (i32.const 1)) (else (i32.const 2)))
      (i32.add
        (select (i32.const 10) (i32.const 20) (local.get $x))
        (block $b (result i32)
          (br_if $b (i32.const 100) (local.get $x))
          (drop) (i32.const 200)))))

  ;; A branch out of 12 blocks, whose depth depends on the operand.
  (func $deep (param $x i32) (result i32)
    (local $r i32)
    (block (block (block (block (block (block
    (block (block (block (block (block (block
      (br_table 0 1 2 3 4 5 6 7 8 9 10 11 (local.get $x)))
      (local.set $r (i32.add (local.get $r) (i32.const 1))))
      (local.set $r (i32.add (local.get $r) (i32.const 2))))
      (local.set $r (i32.add (local.get $r) (i32.const 4))))
      (local.set $r (i32.add (local.get $r) (i32.const 8))))
      (local.set $r (i32.add (local.get $r) (i32.const 16))))
      (local.set $r (i32.add (local.get $r) (i32.const 32))))
      (local.set $r (i32.add (local.get $r) (i32.const 64))))
      (local.set $r (i32.add (local.get $r) (i32.const 128))))
      (local.set $r (i32.add (local.get $r) (i32.const 256))))
      (local.set $r (i32.add (local.get $r) (i32.const 512))))
      (local.set $r (i32.add (local.get $r) (i32.const 1024))))
    (local.get $r))

  ;; Unreachable code, of any type, after branches and returns.
  (func $after_branch (param $x i32) (result i32)
    (block $b (result i32)
      (br $b (i32.add (local.get $x) (i32.const 1)))
      (drop (i32.add (f32.gt)))
      (loop (br 0))
      (i64.load8_s offset=77)
      (unreachable)
      (if (result i32) (then (i32.const 1)) (else (br 1 (i32.const 2))))))
  (func $after_return (param $x i32) (result i32)
    (if (i32.and (local.get $x) (i32.const 1))
      (then (return (i32.const 11)) (local.set $x (i32.const 99)) (br 0)))
    (return (local.get $x))
    (drop) (block (br_table 0 0 (i32.const 1))) (call $after_return))

  ;; A branch drops what lies below its operands.
  (func $excess (param $x i32) (result i32)
    (i32.const 1)
    (block $b (result i32)
      (i32.const 2) (i64.const 3) (f32.const 4)
      (br_if $b (i32.const 5) (local.get $x))
      (drop) (drop) (drop) (drop)
      (i32.const 6))
    (i32.add))

  ;; Locals start as zero, each time; tee keeps and passes; parameters change.
  (func $locals (param $x i32) (result i32)
    (local $a i32) (local $b i64) (local $c f32) (local $d f64)
    (i32.add
      (i32.add (local.get $a) (i32.wrap_i64 (local.get $b)))
      (i32.add
        (i32.add (i32.reinterpret_f32 (local.get $c))
                 (i32.wrap_i64 (i64.reinterpret_f64 (local.get $d))))
        (i32.add (local.tee $a (i32.xor (local.get $x) (i32.const -1)))
                 (i32.add (local.get $a)
                          (local.tee $x (i32.const 9)))))))

  ;; Operands are evaluated in order: the tee comes before the second operand.
  (func $order (param $x i32) (result i32)
    (i32.sub (local.tee $x (i32.mul (local.get $x) (i32.const 2)))
             (i32.shr_u (local.get $x) (i32.const 3))))

  ;; What LLVM 22 selects wrongly for NVPTX: +2^31 instead of -2^31.
  (func $shl31 (param $a i32) (param $b i32) (result i64)
    (i64.extend_i32_s
      (i32.shl (i32.sub (i32.const 0) (i32.lt_s (local.get $a) (local.get $b)))
               (i32.const 31))))
  (func $shl31_u (param $a i32) (param $b i32) (result i64)
    (i64.extend_i32_s
      (i32.shl (i32.lt_u (local.get $a) (local.get $b)) (i32.const 31))))
  (func $mul_min (param $a i32) (param $b i32) (result i64)
    (i64.extend_i32_s
      (i32.mul (i32.lt_s (local.get $a) (local.get $b)) (i32.const 0x80000000))))

  ;; Multiplications that widen, and a 64-bit shift by a count made of 32 bits.
  (func $mul_wide (param $a i32) (param $b i32) (result i64)
    (i64.mul (i64.extend_i32_s (local.get $a)) (i64.extend_i32_s (local.get $b))))
  (func $shift_wide (param $a i32) (param $b i32) (result i64)
    (i64.shl (i64.extend_i32_u (local.get $a)) (i64.extend_i32_s (local.get $b))))

  ;; Calls: recursion, mutual recursion, indirect calls.
  (func $fib (export "fib") (param $n i32) (result i32)
    (if (result i32) (i32.lt_u (local.get $n) (i32.const 2))
      (then (local.get $n))
      (else (i32.add (call $fib (i32.sub (local.get $n) (i32.const 1)))
                     (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
  (func $fib_small (param $n i32) (result i32)
    (call $fib (i32.rem_u (local.get $n) (i32.const 12))))
  (func $ack (export "ack") (param $m i32) (param $n i32) (result i32)
    (if (result i32) (i32.eqz (local.get $m))
      (then (i32.add (local.get $n) (i32.const 1)))
      (else (call $ack (i32.sub (local.get $m) (i32.const 1))
        (if (result i32) (i32.eqz (local.get $n))
          (then (i32.const 1))
          (else (call $ack (local.get $m)
                           (i32.sub (local.get $n) (i32.const 1)))))))))
  (func $even (export "even") (param $n i64) (result i32)
    (if (result i32) (i64.eqz (local.get $n))
      (then (i32.const 1))
      (else (call $odd (i64.sub (local.get $n) (i64.const 1))))))
  (func $odd (param $n i64) (result i32)
    (if (result i32) (i64.eqz (local.get $n))
      (then (i32.const 0))
      (else (call $even (i64.sub (local.get $n) (i64.const 1))))))
  (func $even_small (param $n i32) (result i32)
    (call $even (i64.extend_i32_u (i32.and (local.get $n) (i32.const 63)))))

  (type $unary (func (param i32) (result i32)))
  (type $binary (func (param i32 i32) (result i32)))
  (table 8 10 funcref)
  (elem (i32.const 0) $add1 $times3 $add1 $fib_small)
  (elem (i32.const 4) $subtract $wide)
  (func $add1 (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $times3 (param i32) (result i32) (i32.mul (local.get 0) (i32.const 3)))
  (func $subtract (param i32 i32) (result i32)
    (i32.sub (local.get 0) (local.get 1)))
  (func $wide (param i64) (result i32) (i32.wrap_i64 (local.get 0)))
  ;; Diverging lanes, all good.
  (func $indirect (param $x i32) (result i32)
    (call_indirect (type $unary) (local.get $x)
      (i32.and (local.get $x) (i32.const 3))))
  ;; Elements 0 to 3 are of the type, 4 and 5 of others, 6 and 7 null.
  (func $call (export "call_indirect") (param $x i32) (param $i i32) (result i32)
    (call_indirect (type $unary) (local.get $x) (local.get $i)))
  (func (export "call_binary") (param $x i32) (param $y i32) (param $i i32) (result i32)
    (call_indirect (type $binary) (local.get $x) (local.get $y) (local.get $i)))
  (func (export "call_dropped") (param $i i32)
    (drop (call_indirect (type $unary) (i32.const 1) (local.get $i))))

  ;; A grid in which each lane calls another element; many trap. What is stored
  ;; before and after tells which.
  (func (export "call_lanes") (param $index i32) (param $out i32)
    (local $t i32) (local $at i32)
    (local.set $t (i32.add (call $thread_id_x)
      (i32.mul (call $block_id_x) (call $block_dim_x))))
    (local.set $at
      (i32.add (local.get $out) (i32.shl (local.get $t) (i32.const 2))))
    (i32.store (local.get $at) (i32.const 0x11111111))
    (i32.store (local.get $at)
      (i32.add (i32.const 0x22220000)
        (call $call (local.get $t)
          (i32.load (i32.add (local.get $index)
                             (i32.shl (local.get $t) (i32.const 2))))))))

  (func (export "unreachable") (unreachable))
  (func (export "unreachable_if") (param i32) (result i32)
    (if (local.get 0) (then (unreachable)))
    (i32.const 5))
