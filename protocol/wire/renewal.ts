import { type Static, Type } from 'typebox'
import { messageOf } from './envelope.ts'

const closed = { additionalProperties: false } as const
const PEM = Type.String({ minLength: 1, maxLength: 8_000 })

/** A node asks for new certificates of the keys it has: the key of the line it asks on, and one for its page. PKCS#10, PEM. */
const RENEWAL_ASK_BODY = Type.Object({ tlsRequest: PEM, pageRequest: PEM }, closed)
export const RENEWAL_ASK = messageOf('renewalAsk', RENEWAL_ASK_BODY)

/** What the hub says of it: it wants a node to ask, or the certificates themselves, PEM. No secret is in either. */
const RENEWAL_BODY = Type.Union([
  Type.Object({ is: Type.Literal('wanted') }, closed),
  Type.Object({ is: Type.Literal('certified'), tlsCertificate: PEM, pageCertificate: PEM }, closed),
])
export type RenewalBody = Static<typeof RENEWAL_BODY>
export const RENEWAL = messageOf('renewal', RENEWAL_BODY)
