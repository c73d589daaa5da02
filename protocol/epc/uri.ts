import { isRefusal, type Refusal, refuse } from '../refusals.ts'
import { decodeEpc } from './decode.ts'
import type { EpcIdentity } from './identity.ts'
import { capitalEscapes, unescaped } from './letters.ts'
import { encodePartitioned } from './partitioned.ts'
import { type Said, SCHEME_ROWS, type SchemeRow } from './schemes.ts'

/** What an EPC URI says, and the bytes it is written as; a pure identity names no tag, so it has none. */
export interface UriRead {
  readonly epc: EpcIdentity
  readonly bytes: Uint8Array | null
}

/** Reads `urn:epc:tag:sgtin-96:3.6901234.056789.7` or `urn:epc:id:sgtin:6901234.056789.7` [TDS 6.3, 12]; refusal `epc.uri-wrong`. */
export const readEpcUri = (uri: string): UriRead | Refusal => {
  const [, kind = '', name = '', body = ''] = /^urn:epc:(tag|id):([a-z]+(?:-(?:\d+|var))?):(.+)$/.exec(uri) ?? []
  const isTag = kind === 'tag'
  for (const row of SCHEME_ROWS) {
    if (name !== (isTag ? row.tag : row.name)) continue
    const said = saidIn(row, body, isTag)
    const bytes = said && encodePartitioned(row, said)
    if (!bytes || isRefusal(bytes)) continue
    const epc = decodeEpc(bytes)
    // What does not come back as it went was not written as the standard writes it.
    if (isRefusal(epc) || capitalEscapes(uri) !== (isTag ? epc.tagUri : epc.uri)) continue
    return isTag ? { epc, bytes } : { epc: { ...epc, tagUri: null, filter: null }, bytes: null }
  }
  return refuse('epc.uri-wrong', { uri: uri.slice(0, 200) })
}

/** The fields of a body by their order; `null` when it has more or fewer. */
const saidIn = (row: SchemeRow, body: string, isTag: boolean): Partial<Said> | null => {
  const fields = row.fields.filter(({ as }) => as !== 'zeros')
  const named = isTag ? fields : fields.filter(({ name }) => name !== 'filter')
  const parts = partsOf(body, named.length)
  if (parts.length !== named.length) return null
  const said: Partial<Said> = { filter: '0' }
  for (const [nth, { name }] of named.entries()) {
    const text = unescaped(parts[nth] ?? '')
    if (text === null) return null
    said[name] = text
  }
  return said
}

/** Dots part the fields; those behind the last but one belong to the serial, which may hold some itself. */
const partsOf = (body: string, count: number): readonly string[] => {
  const parts = body.split('.')
  return parts.length <= count ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join('.')]
}
