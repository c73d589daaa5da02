import { X509Certificate } from 'node:crypto'
import type { NodeState } from '@lotkeeper/protocol/api/node.ts'
import type { NodeId } from '@lotkeeper/protocol/names.ts'
import { certificateStanding } from '@lotkeeper/protocol/rules/renewal.ts'
import { RENEWAL, RENEWAL_ASK } from '@lotkeeper/protocol/wire/renewal.ts'
import { topicOf } from '@lotkeeper/protocol/wire/topics.ts'
import type { EdgeParts, Link, OpenLink } from '../parts.ts'
import { type CertifiedKey, type EnrolledKeys, openKeyFolder } from './keys.ts'
import { ownNames } from './names.ts'

/** The X.509 certificates of a node at work: those in use, and how they are renewed on the line to the hub, under the keys they have. */
export interface Renewal {
  readonly tls: () => CertifiedKey
  readonly page: () => CertifiedKey
  /** How the certificate of the line stands, for people. */
  readonly standing: () => NonNullable<NodeState['certificate']>
  /** Told when new certificates are in use. */
  readonly follow: (listener: () => void) => () => void
  /** A line on which certificates are renewed too; everything else passes as it is. */
  readonly along: (openLink: OpenLink) => OpenLink
  readonly close: () => void
}

export interface RenewalParts extends Pick<EdgeParts, 'clock' | 'timers' | 'random'> {
  readonly node: NodeId
  /** `<home>/keys` */
  readonly folder: string
  readonly enrolled: Pick<EnrolledKeys, 'tls' | 'page' | 'authority'>
  /** Names, beside the machine's own, by which tablets call the page. */
  readonly names: readonly string[]
  readonly told: (is: 'renewed' | 'not-taken' | 'ended', facts: Readonly<Record<string, unknown>>) => void
}

export const openRenewal = (parts: RenewalParts): Renewal => {
  const { node, clock, timers, folder, enrolled } = parts
  let papers = { tls: enrolled.tls, page: enrolled.page }
  let toldEnded = false
  let askedAt = Number.NEGATIVE_INFINITY
  let cancel = () => {}
  const fraction = parts.random.fraction()
  const lines = new Set<Link>()
  const listeners = new Set<() => void>()
  const standing = () => {
    const untilMs = Math.min(endOf(papers.tls), endOf(papers.page))
    const own = certificateStanding({ untilMs }, clock.now(), fraction)
    // The own clock may be wrong: whom the hub lets in has not ended.
    return { until: new Date(untilMs).toISOString(), state: own === 'ended' && lines.size > 0 ? 'due' : own } as const
  }
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }
  const ask = async (link: Link): Promise<void> => {
    if (clock.monotonic() - askedAt < ASK_AGAIN_MS) return
    askedAt = clock.monotonic()
    const { makeRequest } = await import('./requests.ts')
    const body = {
      tlsRequest: await makeRequest(papers.tls.key, { commonName: node, names: [] }),
      pageRequest: await makeRequest(papers.page.key, { commonName: node, names: ownNames(node, parts.names) }),
    }
    const time = new Date(clock.now()).toISOString()
    // A hub that does not know of renewals, or a line that breaks: it is asked again at the next look.
    await link.publish(topicOf('upRenewal', node), RENEWAL_ASK.write({ id: `renewal/${time}`, source: `lotkeeper/${node}`, time }, body))
  }
  const askOn = (link: Link | null) => void (link && ask(link).catch(() => {}))
  const take = (given: { readonly tlsCertificate: string; readonly pageCertificate: string }) => {
    const next = {
      tls: { key: papers.tls.key, certificate: given.tlsCertificate },
      page: { key: papers.page.key, certificate: given.pageCertificate },
    }
    const wrong =
      wrongWith(enrolled.authority, node, { before: papers.tls, after: next.tls }) ??
      wrongWith(enrolled.authority, node, { before: papers.page, after: next.page })
    if (wrong !== null) return parts.told('not-taken', { why: wrong })
    const files = openKeyFolder(folder)
    // Each stands by itself under a key that stays: broken off between the two, the node starts with one old and one new.
    files.write('tls.crt', next.tls.certificate)
    files.write('page.crt', next.page.certificate)
    papers = next
    parts.told('renewed', { until: standing().until })
    tell()
  }
  const look = () => {
    if (standing().state !== 'valid') for (const link of lines) askOn(link)
    cancel = timers.after(LOOK_MS * (0.8 + 0.4 * parts.random.fraction()), look)
  }
  cancel = timers.after(LOOK_MS * parts.random.fraction(), look)
  return {
    tls: () => papers.tls,
    page: () => papers.page,
    standing,
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    along: (openLink) => (on, will) => {
      const link = openLink(
        {
          up: () => {
            lines.add(link)
            on.up()
          },
          down: (why) => {
            lines.delete(link)
            if (standing().state === 'ended' && !toldEnded) {
              toldEnded = true
              parts.told('ended', { until: standing().until })
              tell()
            }
            on.down(why)
          },
          message: (topic, payload) => {
            if (topic !== topicOf('downRenewal', node)) return on.message(topic, payload)
            const body = RENEWAL.read(payload)?.body
            if (body?.is === 'wanted') askOn(link)
            if (body?.is === 'certified') take(body)
          },
        },
        will,
      )
      return link
    },
    close: () => cancel(),
  }
}

/** A node looks at its certificates this often; months are left when one is first due. */
const LOOK_MS = 6 * 3_600_000
/** A hub that asks without end must not keep a small machine signing. */
const ASK_AGAIN_MS = 15_000

const endOf = ({ certificate }: CertifiedKey): number => new X509Certificate(certificate).validToDate.getTime()

/** Why what the hub gave is not what was asked for; `null` when it is. Its dates are the hub's to know: this node's clock may be wrong. */
const wrongWith = (authority: string, node: NodeId, { before, after }: { readonly before: CertifiedKey; readonly after: CertifiedKey }) => {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(after.certificate)
  } catch {
    return 'no certificate'
  }
  const county = new X509Certificate(authority)
  if (!certificate.checkIssued(county) || !certificate.verify(county.publicKey)) return 'not of this county'
  if (certificate.subject !== `CN=${node}`) return 'of another node'
  if (!sameKey(certificate, new X509Certificate(before.certificate))) return 'of another key'
  return endOf(after) < endOf(before) ? 'ends sooner' : null
}

const sameKey = (one: X509Certificate, other: X509Certificate): boolean => one.publicKey.equals(other.publicKey)
