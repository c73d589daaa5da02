import { type Static, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { INSTANT } from '../ledger/fields.ts'

/** CloudEvents 1.0 in structured JSON mode, the only mode allowed on MQTT 3.1.1 [CloudEvents MQTT binding 3]. */
export const CLOUD_EVENT_TYPES = {
  batch: 'io.lotkeeper.batch.v1',
  have: 'io.lotkeeper.have.v1',
  birth: 'io.lotkeeper.birth.v1',
  death: 'io.lotkeeper.death.v1',
  state: 'io.lotkeeper.hub-state.v1',
  certificate: 'io.lotkeeper.certificate.v1',
  digest: 'io.lotkeeper.digest.v1',
  digestAsk: 'io.lotkeeper.digest-ask.v1',
  renewalAsk: 'io.lotkeeper.renewal-ask.v1',
  renewal: 'io.lotkeeper.renewal.v1',
  roster: 'io.lotkeeper.roster.v1',
  rosterAsk: 'io.lotkeeper.roster-ask.v1',
} as const
export type EnvelopeKind = keyof typeof CLOUD_EVENT_TYPES

/** Schema of an envelope around `body`. */
export const envelopeOf = <Body extends TSchema>(kind: EnvelopeKind, body: Body) =>
  Type.Object(
    {
      specversion: Type.Literal('1.0'),
      id: Type.String({ minLength: 1, maxLength: 200 }),
      source: Type.String({ minLength: 1, maxLength: 120 }),
      type: Type.Literal(CLOUD_EVENT_TYPES[kind]),
      datacontenttype: Type.Literal('application/json'),
      time: INSTANT,
      data: body,
    },
    { additionalProperties: false },
  )

/** One message of one kind: its schema, and how it becomes text and back. `read` answers `null` for anything that is not it. */
export interface Message<Body> {
  readonly kind: EnvelopeKind
  readonly schema: TSchema
  readonly write: (head: { readonly id: string; readonly source: string; readonly time: string }, body: Body) => string
  readonly read: (text: string) => { readonly id: string; readonly source: string; readonly time: string; readonly body: Body } | null
}

export const messageOf = <Body extends TSchema>(kind: EnvelopeKind, body: Body): Message<Static<Body>> => {
  const schema = envelopeOf(kind, body)
  const check = Compile(schema)
  return {
    kind,
    schema,
    write: (head, content) =>
      JSON.stringify({
        specversion: '1.0',
        id: head.id,
        source: head.source,
        type: CLOUD_EVENT_TYPES[kind],
        datacontenttype: 'application/json',
        time: head.time,
        data: content,
      }),
    read: (text) => {
      const value = parsed(text)
      if (!check.Check(value)) return null
      const event = value as unknown as { readonly id: string; readonly source: string; readonly time: string; readonly data: Static<Body> }
      return { id: event.id, source: event.source, time: event.time, body: event.data }
    },
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
