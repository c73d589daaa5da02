import type { SymbologyName } from './symbologies.ts'

/** In which order a maker's scanner puts the parts of what it sends in line mode, and what its code ids mean. */
export interface LineOrder {
  readonly parts: readonly LinePart[]
  /** Code ids as they stand before the data; the longest that fits is meant. */
  readonly codeIds: Readonly<Record<string, SymbologyName>>
}
export type LinePart = 'prefix' | 'code-id' | 'aim' | 'body' | 'suffix'

/** Honeywell: ids of its symbology chart [N86, Xenon user guides]; `y` stands for several kinds, all of them GS1. */
const HONEYWELL_IDS = {
  z: 'aztec',
  a: 'codabar',
  q: 'codablock',
  h: 'code-11',
  j: 'code-128',
  I: 'gs1-128',
  o: 'code-16k',
  '<': 'other',
  b: 'code-39',
  i: 'code-93',
  w: 'datamatrix',
  '.': 'dotcode',
  d: 'ean-13',
  D: 'ean-8',
  X: 'grid-matrix',
  y: 'gs1-databar',
  '{': 'gs1-databar',
  '}': 'gs1-databar',
  H: 'han-xin',
  e: 'itf',
  m: 'other',
  x: 'maxicode',
  R: 'micro-pdf417',
  g: 'msi',
  r: 'pdf417',
  n: 'plessey',
  s: 'qr',
  '-': 'qr',
  f: 'straight-2-of-5',
  t: 'telepen',
  T: 'other',
  Y: 'other',
  Q: 'other',
  c: 'upc-a',
  E: 'upc-e',
} as const satisfies Readonly<Record<string, SymbologyName>>

/** Newland: default code ids [serial programming manual]. Several kinds share a letter; the data then tells them apart (`c` is UPC-A and UPC-E by its length). */
const NEWLAND_IDS = {
  j: 'code-128-or-gs1',
  f: 'code-128-or-gs1',
  d: 'ean',
  c: 'upc-e',
  e: 'itf',
  v: 'other',
  D: 'other',
  b: 'code-39',
  a: 'codabar',
  i: 'code-93',
  H: 'code-11',
  m: 'msi',
  n: 'plessey',
  p: 'plessey',
  R: 'gs1-databar',
  y: 'gs1-databar',
  r: 'pdf417',
  u: 'datamatrix',
  s: 'qr',
  z: 'aztec',
  x: 'maxicode',
  h: 'han-xin',
} as const satisfies Readonly<Record<string, SymbologyName>>

/** Datalogic: its standard (European) set [PowerScan D8530 code identifier table; Gryphon label ids]. `T` does not tell Code 128 from GS1-128 everywhere. */
const DATALOGIC_IDS = {
  N: 'itf',
  P: 'straight-2-of-5',
  O: 'straight-2-of-5',
  Q: 'other',
  A: 'ean-8',
  B: 'ean-13',
  C: 'upc-a',
  D: 'upc-e',
  F: 'ean-add-on',
  G: 'ean-add-on',
  H: 'ean-add-on',
  I: 'ean-add-on',
  J: 'ean-add-on',
  K: 'ean-add-on',
  L: 'ean-add-on',
  M: 'ean-add-on',
  V: 'code-39',
  W: 'code-39',
  X: 'other',
  Y: 'other',
  e: 'other',
  R: 'codabar',
  S: 'codabar',
  T: 'code-128',
  k: 'gs1-128',
  f: 'isbt-128',
  U: 'code-93',
  Z: 'msi',
  b: 'code-11',
  p: 'code-16k',
  t: 'gs1-databar',
  u: 'gs1-databar',
  v: 'gs1-databar',
} as const satisfies Readonly<Record<string, SymbologyName>>

/** The orders by kind. A Honeywell scanner sends what its prefix and suffix strings say; this is the order of its own examples. */
export const LINE_ORDERS = {
  line: { parts: ['prefix', 'aim', 'body', 'suffix'], codeIds: {} },
  honeywell: { parts: ['prefix', 'code-id', 'aim', 'body', 'suffix'], codeIds: HONEYWELL_IDS },
  newland: { parts: ['prefix', 'code-id', 'aim', 'body', 'suffix'], codeIds: NEWLAND_IDS },
  datalogic: { parts: ['prefix', 'aim', 'code-id', 'body', 'suffix'], codeIds: DATALOGIC_IDS },
} as const satisfies Readonly<Record<string, LineOrder>>
export type LineOrderName = keyof typeof LINE_ORDERS
