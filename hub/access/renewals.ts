import type { HubAnswer, HubBody, HubQuery } from '@lotkeeper/protocol/api/hub.ts'
import type { NodeCertificateRow } from '@lotkeeper/protocol/api/hub-node-certificates.ts'
import { bytesOfBase64url, hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { isWithin, type SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import { certificateStanding, type Validity } from '@lotkeeper/protocol/rules/renewal.ts'
import { type Certificate, keyId } from '@lotkeeper/protocol/wire/certificate.ts'
import { RENEWAL, RENEWAL_ASK, type RenewalBody } from '@lotkeeper/protocol/wire/renewal.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { Broker, BrokerEvents } from '../broker/broker.ts'
import type { HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import { issuePapers, readRequests } from './issue.ts'
import type { Papers } from './papers.ts'
import type { CertifiedKey } from './x509.ts'

/** The certificates of the nodes while they are at work: renewed on the line they come on, wished for, and shown. */
export interface Renewals {
  readonly events: Required<Pick<BrokerEvents, 'renewal' | 'renewable'>>
  /** Asks every node that is on line and whose certificate is due by the hub's clock: its own clock may be wrong. */
  readonly sweep: () => void
  readonly rows: (query: HubQuery<'nodeCertificates'>, scope: SiteScope) => Promise<HubAnswer<'nodeCertificates'>>
  readonly want: (body: HubBody<'renewNodeCertificate'>) => Promise<HubAnswer<'renewNodeCertificate'> | Refusal>
}

export interface RenewalsParts {
  readonly parts: Pick<HubParts, 'crypto' | 'clock' | 'random'>
  readonly authority: CertifiedKey
  readonly papers: Papers
  readonly ledger: Pick<HubLedger, 'nodes'> & { readonly ask: Pick<HubLedger['ask'], 'nodes'> }
  readonly broker: () => Pick<Broker, 'publish' | 'online'> | null
  readonly note: (why: unknown) => void
}

export const openRenewals = (given: RenewalsParts): Renewals => {
  const { parts, authority, papers, broker, note } = given
  const certifiedAtMs = new Map<NodeId, number>()
  const say = (node: NodeId, body: RenewalBody) => {
    const time = new Date(parts.clock.now()).toISOString()
    broker()?.publish(topicOf('downRenewal', node), RENEWAL.write({ id: `renewal-${node}-${time}`, source: '/hub', time }, body))
  }
  const askIfDue = (node: NodeId) => {
    const { line, wishedMs } = papers.of(node)
    const isDue = line !== null && certificateStanding(line, parts.clock.now()) !== 'valid'
    if (wishedMs !== null || isDue) say(node, { is: 'wanted' })
  }
  const renew = async (node: NodeId, payload: Uint8Array, tlsKey: string): Promise<void> => {
    const asked = RENEWAL_ASK.read(parts.crypto.text(payload))
    const nowMs = parts.clock.now()
    if (!asked || nowMs - (certifiedAtMs.get(node) ?? Number.NEGATIVE_INFINITY) < AGAIN_MS) return
    certifiedAtMs.set(node, nowMs)
    const requests = await readRequests(node, asked.body)
    // The key of the line is the proof: whoever renews it holds it already, and revoking it ends what was renewed too.
    if (!requests || hexOf(parts.crypto.sha256(requests.tls.publicKey)) !== tlsKey) return
    if (!(await isCertified(given, node, tlsKey))) return
    const issued = await issuePapers(parts, authority, node, requests)
    papers.note(node, { line: issued.line, page: issued.page, wishedMs: null })
    const { tlsCertificate, pageCertificate } = issued
    say(node, { is: 'certified', tlsCertificate, pageCertificate })
  }
  return {
    events: {
      renewal: (node, payload, tlsKey) => void renew(node, payload, tlsKey).catch(note),
      renewable: (node, line) => {
        // A node that was put back to an older card comes with an older certificate: what it has is what counts.
        papers.note(node, { line })
        askIfDue(node)
      },
    },
    sweep: () => broker()?.online().forEach(askIfDue),
    rows: ({ cursor, limit = ROWS }, scope) => rowsOf(given, { cursor: cursor ?? '', limit, scope }),
    want: async ({ node }) => {
      const [known] = await nodesSeen(given, [node])
      if (!known || known.keys.length === 0) return refuse('nodes.no-certificate', { node })
      if (known.state === 'revoked') return refuse('nodes.shut-out', { node })
      papers.note(node, { wishedMs: parts.clock.now() })
      askIfDue(node)
      return { node, wishedAt: instant(parts.clock.now()), online: broker()?.online().includes(node) ?? false }
    },
  }
}

/** A node is certified anew at most this often: a loop in one must not keep the hub signing. */
const AGAIN_MS = 10_000
const ROWS = 100

/** Whether the county certified this TLS key for the node, and did not revoke it. */
const isCertified = async ({ parts, ledger }: RenewalsParts, node: NodeId, tlsKey: string): Promise<boolean> => {
  const known = (await ledger.nodes()).find((one) => one.node === node)
  const certificates = (known?.certificates ?? []).map(({ certificate }) => JSON.parse(certificate) as Certificate)
  return certificates.some((said) => said.tlsKey === tlsKey && !known?.revoked.includes(keyIn(parts, said)))
}

const keyIn = (parts: RenewalsParts['parts'], { signingKey }: Certificate): string =>
  keyId(parts.crypto, bytesOfBase64url(signingKey) ?? new Uint8Array())

/** Only what the asker may see is counted, also by the cursor. */
const rowsOf = async (
  given: RenewalsParts,
  { cursor, limit, scope }: { readonly cursor: string; readonly limit: number; readonly scope: SiteScope },
): Promise<HubAnswer<'nodeCertificates'>> => {
  const rows = (await nodesSeen(given, null)).filter(({ node }) => node > cursor && isWithin(scope, node))
  const page = rows.slice(0, limit)
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.node ?? null) : null }
}

const nodesSeen = async (given: RenewalsParts, only: readonly NodeId[] | null): Promise<NodeCertificateRow[]> => {
  const { ledger, papers, parts, broker } = given
  const [known, views] = [await ledger.nodes(), (await ledger.ask.nodes()).rows]
  const online = new Set(broker()?.online() ?? [])
  const nowMs = parts.clock.now()
  return views
    .filter(({ node }) => only === null || only.includes(node))
    .toSorted((one, other) => (one.node < other.node ? -1 : 1))
    .map(({ node, name, lastHeardAt }) => {
      const { certificates = [], revoked = [] } = known.find((one) => one.node === node) ?? {}
      const keys = keysOf(parts, certificates, revoked)
      const { line: seen, page, wishedMs } = papers.of(node)
      const line = keys.length === 0 ? null : (seen ?? guessed(certificates))
      return {
        ...{ node, name, lastHeardAt, keys, online: online.has(node) },
        state: stateOf({ keys, line, lastHeardAt, nowMs }),
        certificate: line && { from: instant(line.fromMs), until: instant(line.untilMs) },
        page: page && { from: instant(page.fromMs), until: instant(page.untilMs) },
        wishedAt: wishedMs === null ? null : instant(wishedMs),
      }
    })
}

type Signed = Awaited<ReturnType<HubLedger['nodes']>>[number]['certificates']

const keysOf = (parts: RenewalsParts['parts'], certificates: Signed, revoked: readonly string[]): NodeCertificateRow['keys'] => {
  const said = certificates.map(({ certificate }) => JSON.parse(certificate) as Certificate)
  const byKey = new Map(said.toSorted((one, other) => one.serial - other.serial).map((one) => [keyIn(parts, one), one.from]))
  return [...byKey].map(([key, from]) => ({ key, from, revoked: revoked.includes(key) })).toReversed()
}

const stateOf = (of: {
  readonly keys: NodeCertificateRow['keys']
  readonly line: Validity | null
  readonly lastHeardAt: string | null
  readonly nowMs: number
}): NodeCertificateRow['state'] => {
  if (of.keys.length > 0 && of.keys.every(({ revoked }) => revoked)) return 'revoked'
  if (of.lastHeardAt === null || of.line === null) return 'never'
  return certificateStanding(of.line, of.nowMs)
}

/** Of a node that was enrolled before certificates were kept, and was not on line since: certificates were good for 800 days then. */
const guessed = (certificates: Signed): Validity | null => {
  const from = certificates.map(({ certificate }) => Date.parse((JSON.parse(certificate) as Certificate).from)).toSorted()
  const newest = from.at(-1)
  return newest === undefined ? null : { fromMs: newest - 2 * DAY_MS, untilMs: newest + 800 * DAY_MS }
}
const DAY_MS = 86_400_000

const instant = (ms: number): string => new Date(ms).toISOString()
