import { X509Certificate } from 'node:crypto'
import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import { base64urlOf, bytesOfBase64url, hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import { type Certificate, readCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { authorityFingerprint, readEnrolmentCode } from '@lotkeeper/protocol/wire/enrolment.ts'
import { openSigner } from '../crypto.ts'
import { fault } from '../faults.ts'
import { fetchAuthority, redeem } from './authority.ts'
import { keepEnrolled, openKeyFolder, openKeys } from './keys.ts'
import { ownNames } from './names.ts'
import { makeRequest, makeTlsKey } from './requests.ts'

export interface JoinWish {
  /** `https://host:port` of the hub. */
  readonly hub: string
  readonly code: string
  /** `<home>/keys` */
  readonly folder: string
  /** What the settings call this node so far. */
  readonly node: NodeId | null
  /** Enrol although this machine already is. */
  readonly replace: boolean
  /** Names, beside the machine's own, by which tablets call the node's page. */
  readonly names: readonly string[]
  /** The county it must be, raw Ed25519 key; without it any that the code names. */
  readonly countyKey?: Uint8Array
}

/** What joining gave: what the settings must say. */
export interface Joined {
  readonly node: NodeId
  readonly broker: string
  readonly zone: string
}

/**
 * Redeems a one-time code: makes the node's keys if they are not there, has them certified by the county, and keeps the certificates. Broken
 * off anywhere, it can be run again with the same code: the keys stay, and the hub answers the same keys again. Throws `join.*` faults.
 */
export const joinCounty = async (parts: Parts, wish: JoinWish): Promise<Joined> => {
  const code = readEnrolmentCode(wish.code)
  if (!code) throw fault('join.code-malformed')
  if (wish.node !== null && wish.node !== code.node) throw fault('join.node-differs', { code: code.node, node: wish.node })
  const hub = hubOf(wish.hub)
  const { signing, enrolled } = openKeys(wish.folder)
  if (enrolled && !wish.replace) throw fault('join.enrolled-already', { node: subjectOf(enrolled.certificates[0]?.certificate ?? '') })
  const files = openKeyFolder(wish.folder)
  const tlsKey = files.text('tls.key', makeTlsKey)
  const pageKey = files.text('page.key', makeTlsKey)
  const signer = openSigner(parts, signing)
  const authority = await fetchAuthority(parts, hub, code.fingerprint)
  const { answer, hubCertificate } = await redeem(hub, authority, {
    code: wish.code.trim(),
    node: code.node,
    signingKey: base64urlOf(signer.publicKey),
    tlsRequest: await makeRequest(tlsKey, { commonName: code.node, names: [] }),
    pageRequest: await makeRequest(pageKey, { commonName: code.node, names: ownNames(code.node, wish.names) }),
  })
  const asked = { node: code.node, fingerprint: code.fingerprint, signingKey: base64urlOf(signer.publicKey), hubCertificate }
  judgeAnswer(parts, answer, asked)
  if (wish.countyKey && base64urlOf(wish.countyKey) !== answer.countyKey) throw fault('join.answer-wrong', { why: 'countyKey' })
  keepEnrolled(wish.folder, {
    ...answer,
    certificates: [
      { certificate: answer.certificate, signature: answer.signature },
      { certificate: answer.hubCertificate, signature: answer.hubSignature },
    ],
  })
  return { node: code.node, broker: brokerAt(answer.broker, hub), zone: answer.site.zone }
}

const hubOf = (text: string): URL => {
  const wrong = () => fault('join.hub-unreachable', { hub: text, why: 'https://host:port' })
  if (!URL.canParse(text)) throw wrong()
  const hub = new URL(text)
  if (hub.protocol !== 'https:' || hub.hostname === '') throw wrong()
  return hub
}

/** What the county signed must be what was asked for; a hub that answers something else is broken, or another one. */
const judgeAnswer = (
  parts: Parts,
  answer: HubAnswer<'enrol'>,
  asked: { readonly node: NodeId; readonly fingerprint: string; readonly signingKey: string; readonly hubCertificate: Uint8Array },
): void => {
  const wrong = (why: string) => fault('join.answer-wrong', { why })
  const county = bytesOfBase64url(answer.countyKey)
  if (!county) throw wrong('countyKey')
  const own = readCertificate(parts, county, { certificate: answer.certificate, signature: answer.signature })
  const tlsKey = keyDigest(parts, new X509Certificate(answer.tlsCertificate))
  if (own?.subject !== asked.node || own.role !== 'node' || own.signingKey !== asked.signingKey || own.tlsKey !== tlsKey)
    throw wrong('certificate')
  const hub: Certificate | null = readCertificate(parts, county, { certificate: answer.hubCertificate, signature: answer.hubSignature })
  if (hub?.role !== 'hub') throw wrong('hubCertificate')
  // Another member of the county, with a page certificate of its own, may not take the hub's place.
  if (hub.tlsKey !== keyDigest(parts, new X509Certificate(asked.hubCertificate))) throw wrong('hub TLS key')
  if (authorityFingerprint(parts, new X509Certificate(answer.authority).raw) !== asked.fingerprint) throw wrong('authority')
}

const keyDigest = (parts: Parts, certificate: X509Certificate): string =>
  hexOf(parts.sha256(certificate.publicKey.export({ type: 'spki', format: 'der' })))

/** The broker stands where the hub was reached, at its own port: behind a router the hub does not know its own address. */
const brokerAt = (broker: string, hub: URL): string => `mqtts://${hub.hostname}:${URL.canParse(broker) ? new URL(broker).port : '8883'}`

const subjectOf = (certificate: string): string => {
  try {
    return String((JSON.parse(certificate) as { readonly subject?: unknown }).subject ?? '-')
  } catch {
    return '-'
  }
}
