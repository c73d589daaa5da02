import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { type Certificate, keyId } from '@lotkeeper/protocol/wire/certificate.ts'
import type { HubLedger } from '../ledger/contract.ts'

/** TLS keys of revoked certificates: the handshake alone would still let them in. Learnt again whenever the hub tells the county something. */
export interface Revoked {
  readonly has: (tlsKey: string) => boolean
  readonly close: () => void
}

export const openRevoked = async (
  parts: Parts,
  ledger: Pick<HubLedger, 'nodes' | 'follow'>,
  on: { readonly fresh: () => void; readonly failed: (why: unknown) => void },
): Promise<Revoked> => {
  let keys: ReadonlySet<string> = new Set()
  const learn = async () => {
    const revoked = (await ledger.nodes()).flatMap((node) =>
      node.certificates
        .map(({ certificate }) => JSON.parse(certificate) as Certificate)
        .filter(({ signingKey }) => node.revoked.includes(keyId(parts, bytesOfBase64url(signingKey) ?? new Uint8Array())))
        .map(({ tlsKey }) => tlsKey),
    )
    const grown = revoked.length > keys.size
    keys = new Set(revoked)
    if (grown) on.fresh()
  }
  await learn()
  const close = ledger.follow(({ grown }) => {
    if (grown.includes(STREAM_TO_ALL)) learn().catch(on.failed)
  })
  return { has: (tlsKey) => keys.has(tlsKey), close }
}
