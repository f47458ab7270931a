// objects.ts - AssemblyScript: classes, strings, maps, its garbage collector.
//
// Part of the TensorWasm Project, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE.TXT for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every export takes a size and returns a digest of what it computed.

abstract class Shape {
  constructor(public name: string) {}
  abstract area(): f64;
}

class Circle extends Shape {
  constructor(public radius: f64) { super("circle"); }
  area(): f64 { return Math.PI * this.radius * this.radius; }
}

class Box extends Shape {
  constructor(public width: f64, public height: f64) { super("box"); }
  area(): f64 { return this.width * this.height; }
}

function digest(text: string): u32 {
  let hash: u32 = 2166136261;
  for (let i = 0; i < text.length; ++i)
    hash = (hash ^ text.charCodeAt(i)) * 16777619;
  return hash;
}

export function shapes(n: i32): f64 {
  const all = new Array<Shape>();
  for (let i = 1; i <= n; ++i)
    all.push(i % 3 == 0 ? new Circle(i * 0.5) : new Box(i, i + 1));
  all.sort((a, b) => a.area() < b.area() ? -1 : 1);
  let total = 0.0;
  for (let i = 0; i < all.length; ++i)
    total = total * 1.0001 + all[i].area() + (all[i] instanceof Circle ? 1 : 0);
  return total;
}

const counts = new Map<string, i32>();

export function words(n: i32): u32 {
  counts.clear();
  let state: u32 = 7;
  for (let i = 0; i < n; ++i) {
    state = state * 1664525 + 1013904223;
    const word = "w" + (state >> 26).toString(16);
    counts.set(word, counts.has(word) ? counts.get(word) + 1 : 1);
  }
  const keys = counts.keys().sort();
  return digest(keys.map<string>((k) => k + "=" + counts.get(k).toString())
                    .join(";"));
}

export function numbers(n: i32): u32 {
  let text = "";
  for (let i = 0; i < n; ++i) {
    const x = (i as f64) * 1.1 - 5.0 / (i + 1);
    text += x.toString() + "," + parseFloat(x.toString()).toString() + ";";
  }
  return digest(text);
}

export function missing(i: i32): i32 {
  const array = [1, 2, 3];
  return array[i]; // past the end: abort, an import
}
