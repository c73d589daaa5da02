import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import { type NodeId, STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { keyId, readCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import type { HubLedger } from '../ledger/contract.ts'

/** The signing keys the county certified for its nodes, without those that were revoked. */
export interface NodeKeys {
  /** Every enrolled node; one without a key that still counts has an empty list. */
  readonly all: () => Promise<ReadonlyMap<NodeId, readonly NodeKey[]>>
  /** The next question is asked of the ledger: a node showed a certificate that this hub had forgotten. */
  readonly forget: () => void
  readonly close: () => void
}
export interface NodeKey {
  readonly key: string
  readonly signingKey: Uint8Array
}

/** Learns them when asked for the first time, and again after the county was told something: of a new node, or that a key is worth nothing any more. */
export const openNodeKeys = (parts: Parts, ledger: Pick<HubLedger, 'nodes' | 'follow'>, countyKey: Uint8Array): NodeKeys => {
  let known: ReturnType<NodeKeys['all']> | null = null
  const learn = async (): Promise<ReadonlyMap<NodeId, readonly NodeKey[]>> => {
    const nodes = await ledger.nodes()
    return new Map(
      nodes.map(({ node, certificates, revoked }) => {
        const said = certificates.flatMap((signed) => readCertificate(parts, countyKey, signed) ?? [])
        const keys = said
          .filter(({ subject, role }) => subject === node && role === 'node')
          .map(({ signingKey }) => bytesOfBase64url(signingKey) ?? new Uint8Array())
          .map((signingKey) => ({ key: keyId(parts, signingKey), signingKey }))
        return [node, keys.filter(({ key }) => !revoked.includes(key))] as const
      }),
    )
  }
  const forget = () => {
    known = null
  }
  const close = ledger.follow(({ grown }) => {
    if (grown.includes(STREAM_TO_ALL)) forget()
  })
  return {
    all: () => {
      if (known) return known
      const asked = learn()
      known = asked
      // A question that failed is asked anew.
      asked.catch(() => {
        if (known === asked) known = null
      })
      return asked
    },
    forget,
    close,
  }
}
