import { type Static, Type } from 'typebox'
import { type EntryId, placeOf, virtualPlace } from '../names.ts'
import { LINE, LOT_FACT } from './bodies.ts'
import { CALENDAR_DATE, ENTRY_ID, EXPIRY, LOT, PLACE, UNITS } from './fields.ts'
import { MASTER_ID } from './master.ts'

/**
 * Opening balances: what an old system's last count leaves to a site. The hub tells the owner of the places, lot by lot, in as many parts as it takes;
 * the owner books it from the supplier, part by part in one act, or refuses it. An act is named by the hub's action: whichever hub tells it again, after
 * a restore and in another epoch, tells the same.
 */
const closed = { additionalProperties: false } as const
const ACT = Type.String({ pattern: '^[A-Za-z0-9._:>/~-]{1,96}$', description: 'action of the entries that told it' })
const PART = Type.Integer({ minimum: 0, maximum: 9999 })
const REASON = Type.String({ minLength: 1, maxLength: 500 })

export const OPENING_LINE = Type.Object(
  {
    lot: LOT,
    printed: Type.String({ minLength: 1, maxLength: 64 }),
    expiry: EXPIRY,
    place: PLACE,
    units: UNITS,
    /** How it stood in the old system's table, where that was in packs. */
    entered: LINE.properties.entered,
    /** Who sold it, where the old system knew. */
    supplier: Type.Union([MASTER_ID, Type.Null()]),
  },
  closed,
)
const TOLD = Type.Object(
  {
    is: Type.Literal('told'),
    /** Number of the document it is taken over by. */
    doc: Type.String({ minLength: 1, maxLength: 96 }),
    /** Day the old system counted it. */
    counted: Type.Union([CALENDAR_DATE, Type.Null()]),
    /** How many parts the act has: nobody takes over half of it. */
    parts: Type.Integer({ minimum: 1, maximum: 10_000 }),
    lines: Type.Array(OPENING_LINE, { minItems: 1, maxItems: 64 }),
  },
  closed,
)
/** Nobody is to take it over any more; what was taken over stands. */
const WITHDRAWN = Type.Object({ is: Type.Literal('withdrawn'), act: ACT, reason: REASON }, closed)
export const OPENING_BODY = Type.Union([TOLD, WITHDRAWN])

const TAKEN = Type.Object(
  {
    is: Type.Literal('taken'),
    act: ACT,
    part: PART,
    /** The entry that told it, as the owner holds it. */
    opening: ENTRY_ID,
    lots: Type.Array(LOT_FACT, { minItems: 1, maxItems: 64 }),
    reason: Type.Optional(REASON),
  },
  closed,
)
/** Speaks of all that was not taken over by then. */
const REFUSED = Type.Object({ is: Type.Literal('refused'), act: ACT, opening: ENTRY_ID, reason: REASON }, closed)
export const TAKE_OVER_BODY = Type.Union([TAKEN, REFUSED])

export type OpeningLine = Static<typeof OPENING_LINE>
export type OpeningTold = Static<typeof TOLD>
export type OpeningBody = Static<typeof OPENING_BODY>
export type TakeOverBody = Static<typeof TAKE_OVER_BODY>

/** What taking it over moves: every line from the supplier into its place. */
export const takenLines = (lines: readonly OpeningLine[]): Static<typeof LINE>[] =>
  lines.map(({ lot, place, units, entered }) => ({
    ...{ lot, to: place, units, entered, tags: [] },
    from: virtualPlace(placeOf(place)?.owner ?? '', 'supplier'),
  }))

/** What is known of its lots from then on, each once; the earlier of two days. */
export const takenFacts = (lines: readonly OpeningLine[]): Static<typeof LOT_FACT>[] => {
  const facts = new Map<string, Static<typeof LOT_FACT>>()
  for (const { lot, printed, expiry } of lines) {
    const known = facts.get(lot)?.expiry ?? null
    const day = known !== null && (expiry === null || known < expiry) ? known : expiry
    facts.set(lot, { lot, printed: facts.get(lot)?.printed ?? printed, expiry: day, produced: null })
  }
  return [...facts.values()]
}

/** Cuts lines into parts, so that neither the entry that tells a part nor the one that takes it over is too large. */
export const partsOf = (lines: readonly OpeningLine[]): readonly (readonly OpeningLine[])[] => {
  const parts: OpeningLine[][] = []
  let bytes = 0
  for (const line of lines) {
    const more = Math.max(bytesOf([line]), bytesOf([...takenLines([line]), ...takenFacts([line])]))
    const last = parts.at(-1)
    if (last === undefined || last.length >= LINES_MAX || bytes + more > PART_BYTES_MAX) {
      parts.push([line])
      bytes = more
    } else {
      last.push(line)
      bytes += more
    }
  }
  return parts
}

/** The body that says it was taken over. */
export const takenBody = (told: {
  readonly act: string
  readonly part: number
  readonly opening: EntryId
  readonly lines: readonly OpeningLine[]
  readonly reason: string | null
}): TakeOverBody => {
  const { act, part, opening, lines, reason } = told
  return { is: 'taken', act, part, opening, lots: takenFacts(lines), ...(reason === null ? {} : { reason }) }
}

const LINES_MAX = 64
/** Leaves room for the head of an entry, a document's number and a reason, all of them as long as they may be. */
const PART_BYTES_MAX = 12_000

const bytesOf = (values: readonly object[]): number => {
  let bytes = 0
  for (const letter of JSON.stringify(values)) {
    const code = letter.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x8_00 ? 2 : code < 0x1_00_00 ? 3 : 4
  }
  return bytes
}
