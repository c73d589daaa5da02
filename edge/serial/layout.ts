/**
 * A wire layout as a table: rows of (name, kind of value), and the one walker that reads and writes them. The type of the values follows from the rows.
 * `read` returns `null` unless the bytes are exactly one such layout, no more and no less.
 */
export const layout = <const R extends readonly Row[]>(rows: R): Layout<ValuesOf<R>> => ({
  read: (bytes) => {
    const from: Cursor = { bytes, at: 0 }
    const values = walk(rows, from)
    return values !== undefined && from.at === bytes.length ? (values as ValuesOf<R>) : null
  },
  write: (values) => {
    const to: number[] = []
    for (const [name, kind] of rows) kind.write((values as Values)[name], to)
    return Uint8Array.from(to)
  },
})

/** Both directions of one layout. */
export interface Layout<V> {
  read(bytes: Uint8Array): V | null
  write(values: V): Uint8Array
}

/** One kind of value on the wire. `read` moves the cursor and returns `undefined` when the bytes hold no such value. */
export interface Kind<T> {
  read(from: Cursor, before: Values): T | undefined
  write(value: T, to: number[]): void
}

export interface Cursor {
  readonly bytes: Uint8Array
  at: number
}
export type Values = Readonly<Record<string, unknown>>
export type Row = readonly [name: string, kind: Kind<unknown>]
export type ValuesOf<R extends readonly Row[]> = { readonly [P in R[number] as P[0]]: P[1] extends Kind<infer T> ? T : never }

/** Unsigned integers, most significant byte first. */
export const u8: Kind<number> = integer(1, false)
export const u16: Kind<number> = integer(2, false)
export const u24: Kind<number> = integer(3, false)
export const u32: Kind<number> = integer(4, false)
/** Two's complement byte. */
export const i8: Kind<number> = integer(1, true)

/** A number whose wire unit is `1 / perUnit` of ours: dBm in hundredths is `scaled(u16, 100)`, baud in hundreds `scaled(u16, 0.01)`. */
export const scaled = (kind: Kind<number>, perUnit: number): Kind<number> => ({
  read: (from, before) => {
    const raw = kind.read(from, before)
    return raw === undefined ? undefined : raw / perUnit
  },
  write: (value, to) => kind.write(Math.round(value * perUnit), to),
})

/** A byte whose codes have names; a code without a name reads as `0x..` and is written back as it came. */
export const named = <const N extends Readonly<Record<number, string>>>(names: N): Kind<N[keyof N & number] | `0x${string}`> => ({
  read: (from, before) => {
    const code = u8.read(from, before)
    return code === undefined
      ? undefined
      : ((names[code] as N[keyof N & number] | undefined) ?? (`0x${code.toString(16).padStart(2, '0')}` as const))
  },
  write: (name, to) => {
    const known = Object.entries(names).find(([, one]) => one === name)
    u8.write(Number(known?.[0] ?? name), to)
  },
})

/** Bit fields, most significant first; the widths add up to whole bytes. A name that begins with `_` is reserved: written 0, not read. */
export const bits = <const F extends readonly (readonly [string, number])[]>(fields: F): Kind<BitsOf<F>> => {
  const width = fields.reduce((sum, [, size]) => sum + size, 0)
  const word = integer(width / 8, false)
  return {
    read: (from, before) => {
      const whole = word.read(from, before)
      if (whole === undefined) return undefined
      let left = width
      const values: Record<string, number> = {}
      for (const [name, size] of fields) {
        left -= size
        if (!name.startsWith('_')) values[name] = Math.floor(whole / 2 ** left) % 2 ** size
      }
      return values as BitsOf<F>
    },
    write: (value, to) => {
      const values: Readonly<Record<string, number>> = value
      word.write(
        fields.reduce((whole, [name, size]) => whole * 2 ** size + ((values[name] ?? 0) % 2 ** size), 0),
        to,
      )
    },
  }
}

/** Bytes whose number follows from a number read before them; a negative count means the layout does not hold. */
export const sized = (by: string, bytesOf: (value: number) => number): Kind<Uint8Array> => ({
  read: (from, before) => {
    const count = bytesOf(before[by] as number)
    return count < 0 ? undefined : taken(from, count)
  },
  write: (value, to) => void to.push(...value),
})

/** All bytes that are left. */
export const rest: Kind<Uint8Array> = {
  read: (from) => taken(from, from.bytes.length - from.at),
  write: (value, to) => void to.push(...value),
}

/** All bytes that are left, as one-byte characters. */
export const text: Kind<string> = {
  read: (from) => String.fromCharCode(...(taken(from, from.bytes.length - from.at) ?? [])),
  write: (value, to) => void to.push(...Array.from(value, (letter) => letter.charCodeAt(0) & 0xff)),
}

/** As many values of one kind as there are bytes left. */
export const many = <T>(kind: Kind<T>): Kind<readonly T[]> => ({
  read: (from, before) => {
    const values: T[] = []
    while (from.at < from.bytes.length) {
      const value = kind.read(from, before)
      if (value === undefined) return undefined
      values.push(value)
    }
    return values
  },
  write: (values, to) => {
    for (const value of values) kind.write(value, to)
  },
})

/** A count byte, then so many values of one kind. */
export const counted = <T>(kind: Kind<T>): Kind<readonly T[]> => ({
  read: (from, before) => {
    const count = u8.read(from, before)
    if (count === undefined) return undefined
    const values: T[] = []
    while (values.length < count) {
      const value = kind.read(from, before)
      if (value === undefined) return undefined
      values.push(value)
    }
    return values
  },
  write: (values, to) => {
    u8.write(values.length, to)
    for (const value of values) kind.write(value, to)
  },
})

/** Rows that stand there together or not at all (at the end of a frame); `null` when absent. */
export const optional = <const R extends readonly Row[]>(rows: R): Kind<ValuesOf<R> | null> => ({
  read: (from) => (from.at === from.bytes.length ? null : (walk(rows, from) as ValuesOf<R> | undefined)),
  write: (values, to) => {
    if (values === null) return
    for (const [name, kind] of rows) kind.write((values as Values)[name], to)
  },
})

type BitsOf<F extends readonly (readonly [string, number])[]> = {
  readonly [P in F[number] as P[0] extends `_${string}` ? never : P[0]]: number
}

const walk = (rows: readonly Row[], from: Cursor): Values | undefined => {
  const values: Record<string, unknown> = {}
  for (const [name, kind] of rows) {
    const value = kind.read(from, values)
    if (value === undefined) return undefined
    values[name] = value
  }
  return values
}

function integer(width: number, signed: boolean): Kind<number> {
  const span = 2 ** (width * 8)
  return {
    read: (from) => {
      if (from.at + width > from.bytes.length) return undefined
      let value = 0
      for (let end = from.at + width; from.at < end; from.at += 1) value = value * 256 + (from.bytes[from.at] as number)
      return signed && value >= span / 2 ? value - span : value
    },
    write: (value, to) => {
      const whole = value < 0 ? value + span : value
      for (let place = width - 1; place >= 0; place -= 1) to.push(Math.floor(whole / 256 ** place) % 256)
    },
  }
}

const taken = (from: Cursor, count: number): Uint8Array | undefined => {
  if (from.at + count > from.bytes.length) return undefined
  from.at += count
  return from.bytes.subarray(from.at - count, from.at)
}
