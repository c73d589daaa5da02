import { X509Certificate } from 'node:crypto'
import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { base64urlOf, bytesOfBase64url, hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { SiteBody } from '@lotkeeper/protocol/ledger/entry.ts'
import { isNodeId, type NodeId, STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Certificate, keyId, type SignedCertificate, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { authorityFingerprint, base32Of, readEnrolmentCode, writeEnrolmentCode } from '@lotkeeper/protocol/wire/enrolment.ts'
import type { HubDraft, HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { issuePapers, readRequests } from './issue.ts'
import type { HubKeys } from './keys.ts'
import type { Papers } from './papers.ts'

/** How nodes come into the county: a one-time code from the hub, redeemed by the node, which makes its own keys. */
export interface Enrolment {
  /** Makes a code for a node; the site must be known to the catalogue before. */
  readonly create: (wish: {
    readonly node: NodeId
    readonly replace: boolean
  }) => Promise<{ readonly code: string; readonly until: string } | Refusal>
  /** Redeems a code: certifies the node's keys. Private keys never travel; the same code with the same key answers again (a lost answer). */
  readonly redeem: (body: HubBody<'enrol'>) => Promise<HubAnswer<'enrol'> | Refusal>
}

export interface EnrolmentParts {
  readonly parts: Pick<HubParts, 'crypto' | 'clock' | 'random'>
  readonly keys: HubKeys
  readonly ledger: Pick<HubLedger, 'makeEnrolment' | 'redeemEnrolment' | 'keepCertificate' | 'nodes' | 'write'>
  readonly papers: Pick<Papers, 'note'>
  readonly siteOf: (node: NodeId) => Promise<SiteBody | null>
  /** `mqtts://host:port` as nodes reach it; its host is replaced by the one the node used. */
  readonly broker: () => string
}

export const openEnrolment = ({ parts, keys, ledger, papers, siteOf, broker }: EnrolmentParts): Enrolment => {
  const secretHash = (secret: string) => hexOf(parts.crypto.sha256(parts.crypto.utf8(secret)))
  return {
    create: async ({ node, replace }) => {
      if (!isNodeId(node) || !(await siteOf(node))) return refuse('catalog.site-unknown', { site: node })
      const secret = base32Of(parts.random.bytes(SECRET_BYTES))
      const untilMs = parts.clock.now() + CODE_MS
      const refused = await ledger.makeEnrolment({ node, secretHash: secretHash(secret), untilMs, replace })
      const fingerprint = authorityFingerprint(parts.crypto, new X509Certificate(keys.authority.certificate).raw)
      return refused ?? { code: writeEnrolmentCode({ node, secret, fingerprint }), until: new Date(untilMs).toISOString() }
    },
    redeem: async (body) => {
      const code = readEnrolmentCode(body.code)
      const site = await siteOf(body.node)
      const requests = await readRequests(body.node, body)
      if (!code || code.node !== body.node || !site || !requests) return refuse('enrol.code-wrong')
      if (await isRevokedKey(parts, ledger, body)) return refuse('enrol.key-revoked', { node: body.node })
      const redeemed = await ledger.redeemEnrolment(body.node, secretHash(code.secret), body.signingKey, parts.clock.now())
      if (redeemed !== true) return isRefusal(redeemed) ? redeemed : refuse('enrol.code-wrong')
      const { signed, serial, older } = await certificateFor(parts, keys, ledger, body, requests.tls.publicKey)
      await ledger.keepCertificate(body.node, signed)
      const told = await ledger.write(announcement(body.node, signed, serial, older))
      if (isRefusal(told)) return told
      const issued = await issuePapers(parts, keys.authority, body.node, requests)
      papers.note(body.node, { line: issued.line, page: issued.page, wishedMs: null })
      return {
        ...signed,
        countyKey: base64urlOf(keys.county.publicKey),
        tlsCertificate: issued.tlsCertificate,
        pageCertificate: issued.pageCertificate,
        authority: keys.authority.certificate,
        hubCertificate: keys.identity.now().certificate.certificate,
        hubSignature: keys.identity.now().certificate.signature,
        broker: broker(),
        site,
      }
    },
  }
}

/** A code carries 128 secret bits and lives a day: long enough to drive to the township. */
const SECRET_BYTES = 16
const CODE_MS = 86_400_000

/** A key that was shut out stays out, whatever code comes with it: the machine makes itself new ones first (`lotkeeper edge rotate`). */
const isRevokedKey = async (
  parts: EnrolmentParts['parts'],
  ledger: Pick<HubLedger, 'nodes'>,
  { node, signingKey }: Pick<HubBody<'enrol'>, 'node' | 'signingKey'>,
): Promise<boolean> => {
  const key = keyId(parts.crypto, bytesOfBase64url(signingKey) ?? new Uint8Array())
  return (await ledger.nodes()).some((one) => one.node === node && one.revoked.includes(key))
}

/** The node's certificate: the one its key has already, or a new one; and the keys of its older certificates. */
const certificateFor = async (
  parts: EnrolmentParts['parts'],
  keys: HubKeys,
  ledger: EnrolmentParts['ledger'],
  body: HubBody<'enrol'>,
  tlsKey: Uint8Array,
): Promise<{ readonly signed: SignedCertificate; readonly serial: number; readonly older: readonly string[] }> => {
  const known = (await ledger.nodes()).find((one) => one.node === body.node)
  const before = (known?.certificates ?? []).map((signed) => ({ signed, said: JSON.parse(signed.certificate) as Certificate }))
  const tlsDigest = hexOf(parts.crypto.sha256(tlsKey))
  const same = before.find(({ said }) => said.signingKey === body.signingKey && said.tlsKey === tlsDigest)
  const serial = same?.said.serial ?? Math.max(0, ...before.map(({ said }) => said.serial)) + 1
  const older = before
    .filter(({ said }) => said.signingKey !== body.signingKey)
    .map(({ said }) => keyId(parts.crypto, bytesOfBase64url(said.signingKey) ?? new Uint8Array()))
    .filter((key) => !known?.revoked.includes(key))
  const signed =
    same?.signed ??
    signCertificate(parts.crypto, keys.county, {
      v: 1,
      subject: body.node,
      role: 'node',
      alg: 'Ed25519',
      signingKey: body.signingKey,
      tlsKey: tlsDigest,
      from: new Date(parts.clock.now()).toISOString(),
      serial,
      incarnation: 0,
      issuer: keys.county.key,
    })
  return { signed, serial, older }
}

/** The county hears of every certificate, and that a replaced machine's keys are worth nothing any more. */
const announcement = (node: NodeId, signed: SignedCertificate, serial: number, older: readonly string[]): readonly HubDraft[] => {
  const common = { stream: STREAM_TO_ALL, action: `certificate/${node}/${serial}`, actor: null, doc: null, lines: [] }
  return [
    { ...common, kind: 'certificate', part: 0, body: { certificate: signed.certificate, signature: signed.signature } },
    ...older.map((key, at) => ({ ...common, kind: 'revoke' as const, part: at + 1, body: { node, key, reason: 'replaced' } })),
  ]
}
