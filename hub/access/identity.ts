import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { base64urlOf, bytesOfBase64url, sameBytes } from '@lotkeeper/protocol/bytes.ts'
import type { NoteSigner } from '@lotkeeper/protocol/ledger/checkpoint.ts'
import type { Parts, Signer } from '@lotkeeper/protocol/parts.ts'
import { type Certificate, readCertificate, type SignedCertificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { rawPublicKey, signerOf } from '../crypto.ts'
import type { KeyFolder } from './folder.ts'

/** As what the hub speaks: the key it signs with, and the county's word for it. */
export interface Identity {
  readonly key: KeyObject
  readonly signer: NoteSigner
  readonly certificate: SignedCertificate
  /** Rises with every certificate of the hub. */
  readonly serial: number
  /** Rises each time the hub was restored: of two hubs nodes obey the higher. */
  readonly incarnation: number
}

/** The hub's identity and its changes; each change is whole on disk or not there. */
export interface HubIdentity {
  readonly now: () => Identity
  /** The same key under the next incarnation, above everything that is known. */
  readonly raise: (known: readonly SignedCertificate[], nowMs: number) => Identity
  /** A new key, kept aside; should the hub die before `adopt`, it speaks with it from its next start on. */
  readonly prepare: (known: readonly SignedCertificate[], nowMs: number) => Identity
  /** Speaks with the prepared key from now on. */
  readonly adopt: () => Identity
  /** Gives the prepared key up. */
  readonly discard: () => void
}

interface IdentityFacts {
  readonly county: Signer & { readonly publicKey: Uint8Array }
  /** Digest of the TLS key the hub is reached by. */
  readonly tlsKey: string
  readonly nowMs: number
}

/** Reads the identity that is in the folder, or makes it; a key that was prepared is adopted. */
export const openIdentity = (file: KeyFolder, parts: Parts, facts: IdentityFacts): HubIdentity => {
  const { county, tlsKey } = facts
  const certify = (key: KeyObject, numbers: Pick<Identity, 'serial' | 'incarnation'>, from: string): Identity => {
    const signingKey = base64urlOf(rawPublicKey(key))
    const fixed = { v: 1, subject: 'hub', role: 'hub', alg: 'Ed25519', tlsKey, issuer: county.key } as const
    const certificate = signCertificate(parts, county, { ...fixed, signingKey, from, ...numbers })
    return { key, signer: signerOf(parts, key), certificate, ...numbers }
  }
  const read = (signed: SignedCertificate): Certificate | null => readCertificate(parts, county.publicKey, signed)
  const keep = (made: Identity): Identity => {
    file.write(CERTIFICATE, JSON.stringify(made.certificate))
    return made
  }
  const highest = (known: readonly SignedCertificate[]): Pick<Identity, 'serial' | 'incarnation'> => {
    const said = known.flatMap((signed) => read(signed) ?? [])
    return {
      serial: Math.max(present.serial, ...said.map(({ serial }) => serial)),
      incarnation: Math.max(present.incarnation, ...said.map(({ incarnation }) => incarnation)),
    }
  }
  const adopt = (): Identity => {
    const { pem, certificate } = JSON.parse(file.text(NEXT, () => '')) as { readonly pem: string; readonly certificate: SignedCertificate }
    // The file of what is next goes last: whatever is written twice is the same.
    file.write(KEY, pem)
    file.write(CERTIFICATE, JSON.stringify(certificate))
    file.drop(NEXT)
    return openPresent()
  }
  const openPresent = (): Identity => {
    const key = file.privateKey(KEY)
    const kept = file.has(CERTIFICATE) ? (JSON.parse(file.text(CERTIFICATE, () => '')) as SignedCertificate) : null
    const said = kept && read(kept)
    const own = said && sameBytes(bytesOfBase64url(said.signingKey) ?? new Uint8Array(), rawPublicKey(key)) && said.tlsKey === tlsKey
    if (kept && own) return { key, signer: signerOf(parts, key), certificate: kept, serial: said.serial, incarnation: said.incarnation }
    const incarnation = said?.incarnation ?? Number(file.text('incarnation', () => '1'))
    const from = said ? new Date(facts.nowMs).toISOString() : file.text('hub.from', () => new Date(facts.nowMs).toISOString())
    return keep(certify(key, { serial: said ? said.serial + 1 : incarnation, incarnation }, from))
  }
  let present: Identity = file.has(NEXT) ? adopt() : openPresent()
  return {
    now: () => present,
    raise: (known, nowMs) => {
      const { serial, incarnation } = highest(known)
      present = keep(certify(present.key, { serial: serial + 1, incarnation: incarnation + 1 }, new Date(nowMs).toISOString()))
      return present
    },
    prepare: (known, nowMs) => {
      const key = generateKeyPairSync('ed25519').privateKey
      const numbers = { serial: highest(known).serial + 1, incarnation: present.incarnation }
      const next = certify(key, numbers, new Date(nowMs).toISOString())
      const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString()
      file.write(NEXT, JSON.stringify({ pem, certificate: next.certificate }))
      return next
    },
    adopt: () => {
      present = adopt()
      return present
    },
    discard: () => file.drop(NEXT),
  }
}

const KEY = 'hub.key'
const CERTIFICATE = 'hub.certificate'
const NEXT = 'hub.next'
