/// <reference path="./sax.d.ts" />
import { type Refusal, type RefusalCode, refuse } from '@lotkeeper/protocol/refusals.ts'
import sax from 'sax'
import type { Limits } from './limits.ts'
import { PASSED_TAGS } from './tags.ts'

/** A record as its XML says it: fields by their tags, lists as rows of such fields. Tags of no use are left out. */
export interface Told {
  readonly fields: ReadonlyMap<string, string>
  readonly lists: ReadonlyMap<string, readonly ReadonlyMap<string, string>[]>
  /** Places where letters were no XML and were kept as they stand. */
  readonly mended: number
}

/**
 * Reads one record, from `<device` to `</device>`. Most records are elements and text and nothing else, and are read by walking from bracket to
 * bracket; whatever else there is (entities, attributes, CDATA, comments, faults) goes to the one door of XML, which costs six times as much.
 * No entity but the five of XML itself is ever expanded: without a document type there are none.
 */
export const readRecord = (text: string, limits: Limits): Told | Refusal => {
  const builder = openBuilder(limits)
  return !text.includes('&') && walk(text, builder) ? builder.told() : readWithParser(text, limits)
}

/** The one door of XML, for a record that is more than elements and text. */
export const readWithParser = (text: string, limits: Limits): Told | Refusal => {
  const builder = openBuilder(limits)
  const parser = sax.parser(true, { position: false, trim: false })
  let broken: string | null = null
  parser.onopentag = ({ name }) => builder.open(name)
  parser.onclosetag = () => builder.close()
  parser.ontext = builder.text
  parser.oncdata = builder.text
  parser.onerror = (error) => {
    // An ampersand that begins no entity is kept as text; everything else breaks this record, and only this one.
    if (/entity/i.test(error.message)) builder.mend()
    else broken ??= error.message.split('\n')[0] ?? 'XML'
    parser.error = null
  }
  parser.write(text).close()
  return broken === null ? builder.told() : refuse('reference.xml-broken', { why: broken })
}

/** `false`: here stands something that is for the parser. */
const walk = (text: string, { open, close, text: said, leaf }: Builder): boolean => {
  for (let at = 0, depth = 0; ; ) {
    const from = text.indexOf('<', at)
    if (from < 0) return false
    if (from > at) said(text.slice(at, from))
    const upto = text.indexOf('>', from)
    if (upto < 0) return false
    at = upto + 1
    if (text.charCodeAt(from + 1) === SLASH) {
      depth -= 1
      if (close() !== text.slice(from + 2, upto)) return false
      if (depth === 0) return true
      continue
    }
    const empty = text.charCodeAt(upto - 1) === SLASH
    const name = text.slice(from + 1, empty ? upto - 1 : upto)
    if (!isPlain(name)) return false
    const end = depth === 1 && !empty ? text.indexOf('<', at) : -1
    if (depth === 1 && empty) leaf(name, '')
    else if (
      end >= 0 &&
      text.startsWith(name, end + 2) &&
      text.charCodeAt(end + 1) === SLASH &&
      text.charCodeAt(end + 2 + name.length) === CLOSING
    ) {
      // Most of a record: a field with its text and nothing else.
      leaf(name, text.slice(at, end))
      at = end + name.length + 3
    } else {
      open(name)
      if (empty) close()
      else depth += 1
    }
  }
}
const CLOSING = 62
const SLASH = 47

interface Builder {
  readonly open: (name: string) => void
  readonly close: () => string
  readonly text: (text: string) => void
  /** A field of the record, at once. */
  readonly leaf: (name: string, text: string) => void
  readonly mend: () => void
  readonly told: () => Told | Refusal
}

/** Level 1 is the record, 2 a field or a list, 3 a row, 4 a field of a row. */
const openBuilder = (limits: Limits): Builder => {
  const way: string[] = []
  const fields = new Map<string, string>()
  const lists = new Map<string, Map<string, string>[]>()
  let said = ''
  let mended = 0
  let wrong: { readonly code: RefusalCode; readonly facts: Refusal['facts'] } | null = null
  const keep = (into: Map<string, string>, tag: string, text: string) => {
    if (text.length > limits.textCharsMax) wrong ??= { code: 'reference.text-too-long', facts: { tag, limit: limits.textCharsMax } }
    // The first of two stands: a record that says a thing twice is not rewritten by its end.
    else if (!PASSED_TAGS.has(tag) && !into.has(tag)) into.set(tag, text.trim())
  }
  return {
    open: (name) => {
      way.push(name)
      said = ''
      if (way.length > limits.depthMax) wrong ??= { code: 'reference.too-deep', facts: { limit: limits.depthMax } }
      if (way.length !== 3) return
      const tag = way[1] ?? ''
      const rows = lists.get(tag) ?? []
      if (rows.length < limits.rowsMax) lists.set(tag, [...rows, new Map()])
      else wrong ??= { code: 'reference.rows-too-many', facts: { tag, limit: limits.rowsMax } }
    },
    close: () => {
      const name = way.pop() ?? ''
      if (way.length === 1 && !lists.has(name)) keep(fields, name, said)
      else if (way.length === 3) {
        const row = lists.get(way[1] ?? '')?.at(-1)
        if (row) keep(row, name, said)
      }
      said = ''
      return name
    },
    text: (text) => {
      said += text
    },
    leaf: (name, text) => {
      if (!lists.has(name)) keep(fields, name, text)
      said = ''
    },
    mend: () => {
      mended += 1
    },
    told: () => (wrong ? refuse(wrong.code, wrong.facts) : { fields, lists, mended }),
  }
}

// Names met so far: a release has a hundred, and asking a set is cheaper than matching a pattern fifty times a record.
const PLAIN = new Set<string>()
const PLAIN_MAX = 1_000
const isPlain = (name: string): boolean => {
  if (PLAIN.has(name)) return true
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) return false
  if (PLAIN.size < PLAIN_MAX) PLAIN.add(name)
  return true
}
