; Loops that step by a stride, unrolled, beside the same loops as written: all
; starts, strides and limits of three tables, those included that wrap around, and
; strides of zero and below. The order of the trips shows in the result. A loop of
; more than 300 trips is not compared.
;
; RUN: %opt %s -passes='loop-simplify,lcssa,twc-unroll-loops,verify' -S -o %t.ll
; RUN: FileCheck %s --input-file=%t.ll
; RUN: timeout 60 lli %t.ll

; CHECK-LABEL: define i32 @below(
; CHECK: loop.trip
; CHECK-LABEL: define i32 @below_signed(
; CHECK: loop.trip
; CHECK-LABEL: define i32 @below_plain(
; CHECK-NOT: loop.trip

@data = internal constant [16 x i32] [i32 3, i32 1, i32 4, i32 1, i32 5, i32 9, i32 2,
  i32 6, i32 5, i32 3, i32 5, i32 8, i32 9, i32 7, i32 9, i32 3]
@starts = internal constant [8 x i32] [i32 0, i32 1, i32 5, i32 2147483632,
  i32 2147483647, i32 -2147483648, i32 -16, i32 -1]
@strides = internal constant [12 x i32] [i32 1, i32 2, i32 3, i32 5, i32 32,
  i32 1073741824, i32 1431655765, i32 2147483647, i32 -2147483648, i32 -16,
  i32 -1, i32 0]
@limits = internal constant [16 x i32] [i32 0, i32 1, i32 2, i32 6, i32 9, i32 16,
  i32 90, i32 100, i32 2147483640, i32 2147483647, i32 -2147483648,
  i32 -2147483640, i32 -2147483558, i32 -16, i32 -2, i32 -1]

define i32 @below(i32 %start, i32 %stride, i32 %limit) noinline {
entry:
  br label %loop
loop:
  %i = phi i32 [ %start, %entry ], [ %i1, %loop ]
  %h = phi i32 [ 1, %entry ], [ %h2, %loop ]
  %low = and i32 %i, 15
  %p = getelementptr i32, ptr @data, i32 %low
  %v = load i32, ptr %p
  %h1 = mul i32 %h, 31
  %h2 = add i32 %h1, %v
  %i1 = add i32 %i, %stride
  %c = icmp ult i32 %i1, %limit
  br i1 %c, label %loop, label %exit
exit:
  %r = xor i32 %h2, %i1
  ret i32 %r
}

; With the limit on the left, the exit first, and a second block.
define i32 @below_signed(i32 %start, i32 %stride, i32 %limit) noinline {
entry:
  br label %loop
loop:
  %i = phi i32 [ %start, %entry ], [ %i1, %next ]
  %h = phi i32 [ 1, %entry ], [ %h3, %next ]
  %before = phi i32 [ 77, %entry ], [ %h, %next ]
  %low = and i32 %i, 15
  %p = getelementptr i32, ptr @data, i32 %low
  %v = load i32, ptr %p
  %odd = trunc i32 %v to i1
  br i1 %odd, label %then, label %next
then:
  %h1 = mul i32 %h, 31
  br label %next
next:
  %h2 = phi i32 [ %h, %loop ], [ %h1, %then ]
  %h3 = add i32 %h2, %v
  %i1 = add i32 %i, %stride
  %c = icmp sle i32 %limit, %i1
  br i1 %c, label %exit, label %loop
exit:
  %r = xor i32 %h3, %i1
  %r1 = add i32 %r, %before
  ret i32 %r1
}

; The same, both, with a second exit; 0 where it is taken.
define i32 @below_plain(i32 %start, i32 %stride, i32 %limit) noinline {
entry:
  br label %loop
loop:
  %i = phi i32 [ %start, %entry ], [ %i1, %next ]
  %h = phi i32 [ 1, %entry ], [ %h2, %next ]
  %trips = phi i32 [ 0, %entry ], [ %trips1, %next ]
  %trips1 = add i32 %trips, 1
  %many = icmp ugt i32 %trips1, 300
  br i1 %many, label %capped, label %next
next:
  %low = and i32 %i, 15
  %p = getelementptr i32, ptr @data, i32 %low
  %v = load i32, ptr %p
  %h1 = mul i32 %h, 31
  %h2 = add i32 %h1, %v
  %i1 = add i32 %i, %stride
  %c = icmp ult i32 %i1, %limit
  br i1 %c, label %loop, label %exit
exit:
  %r = xor i32 %h2, %i1
  ret i32 %r
capped:
  ret i32 0
}

define i32 @below_signed_plain(i32 %start, i32 %stride, i32 %limit) noinline {
entry:
  br label %loop
loop:
  %i = phi i32 [ %start, %entry ], [ %i1, %next ]
  %h = phi i32 [ 1, %entry ], [ %h3, %next ]
  %before = phi i32 [ 77, %entry ], [ %h, %next ]
  %trips = phi i32 [ 0, %entry ], [ %trips1, %next ]
  %trips1 = add i32 %trips, 1
  %many = icmp ugt i32 %trips1, 300
  br i1 %many, label %capped, label %body
body:
  %low = and i32 %i, 15
  %p = getelementptr i32, ptr @data, i32 %low
  %v = load i32, ptr %p
  %odd = trunc i32 %v to i1
  br i1 %odd, label %then, label %next
then:
  %h1 = mul i32 %h, 31
  br label %next
next:
  %h2 = phi i32 [ %h, %body ], [ %h1, %then ]
  %h3 = add i32 %h2, %v
  %i1 = add i32 %i, %stride
  %c = icmp slt i32 %i1, %limit
  br i1 %c, label %loop, label %exit
exit:
  %r = xor i32 %h3, %i1
  %r1 = add i32 %r, %before
  ret i32 %r1
capped:
  ret i32 0
}

; 1 if they differ, 0 if not; counts what it compares.
@compared = internal global i32 0
define i32 @compare(i32 %start, i32 %stride, i32 %limit, ptr %f, ptr %plain) {
entry:
  %expected = call i32 %plain(i32 %start, i32 %stride, i32 %limit)
  %capped = icmp eq i32 %expected, 0
  br i1 %capped, label %same, label %call
call:
  %n = load i32, ptr @compared
  %n1 = add i32 %n, 1
  store i32 %n1, ptr @compared
  %got = call i32 %f(i32 %start, i32 %stride, i32 %limit)
  %differ = icmp ne i32 %got, %expected
  %result = zext i1 %differ to i32
  ret i32 %result
same:
  ret i32 0
}

; 8 * 12 * 16 triples; exit code 0: none differs, and all that end
; in time were compared.
define i32 @main() {
entry:
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %k1, %loop ]
  %bad = phi i32 [ 0, %entry ], [ %bad2, %loop ]
  %a = urem i32 %k, 8
  %k8 = udiv i32 %k, 8
  %b = urem i32 %k8, 12
  %c = udiv i32 %k8, 12
  %pa = getelementptr i32, ptr @starts, i32 %a
  %start = load i32, ptr %pa
  %pb = getelementptr i32, ptr @strides, i32 %b
  %stride = load i32, ptr %pb
  %pc = getelementptr i32, ptr @limits, i32 %c
  %limit = load i32, ptr %pc
  %u = call i32 @compare(i32 %start, i32 %stride, i32 %limit, ptr @below, ptr @below_plain)
  %s = call i32 @compare(i32 %start, i32 %stride, i32 %limit, ptr @below_signed, ptr @below_signed_plain)
  %bad1 = add i32 %bad, %u
  %bad2 = add i32 %bad1, %s
  %k1 = add i32 %k, 1
  %more = icmp ne i32 %k1, 1536
  br i1 %more, label %loop, label %exit
exit:
  %n = load i32, ptr @compared
  %few = icmp ne i32 %n, 2222
  %none = zext i1 %few to i32
  %sum = add i32 %bad2, %none
  %fails = icmp ne i32 %sum, 0
  %code = zext i1 %fails to i32
  ret i32 %code
}
