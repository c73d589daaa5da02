import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { bytesOfBase64url } from '@lotkeeper/protocol/bytes.ts'
import type { BodyOf } from '@lotkeeper/protocol/ledger/entry.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { type Certificate, keyId } from '@lotkeeper/protocol/wire/certificate.ts'
import type { HubStanding } from '../ingest/restored.ts'
import type { HubDraft, HubLedger } from '../ledger/contract.ts'
import type { HubParts } from '../parts.ts'
import type { HubIdentity, Identity } from './identity.ts'

/** Whose word counts in the county: the hub's own number and key, and the keys that count no longer. */
export interface Standing extends HubStanding {
  /**
   * At the start: nodes must know the certificate; a hub that took entries back from its second copy was restored, one whose ledger was imported
   * may have a living twin, and of one that knows a higher number than its own no node takes a word: each rises above whatever hub there was.
   */
  readonly open: () => Promise<void>
  readonly rotateHubKey: (body: HubBody<'rotateHubKey'>, actor: string) => Promise<HubAnswer<'rotateHubKey'> | Refusal>
  readonly revokeKeys: (body: HubBody<'revokeKeys'>, actor: string) => Promise<HubAnswer<'revokeKeys'> | Refusal>
}

export interface StandingParts {
  readonly parts: Pick<HubParts, 'crypto' | 'clock' | 'timers'>
  readonly identity: HubIdentity
  readonly ledger: Pick<
    HubLedger,
    'standing' | 'settleImport' | 'keepCertificate' | 'write' | 'signWith' | 'nodes' | 'openDiscrepancy' | 'endEnrolments'
  > & {
    readonly ask: Pick<HubLedger['ask'], 'acted' | 'known'>
  }
  /** The retained word of the hub must be said anew. */
  readonly told: () => void
}

/** So long the old key goes on signing after the new certificate was written, so that whoever is on line hears of it under the old one. */
export const HAND_OVER_MS = 1_500

export const openStanding = ({ parts, identity, ledger, told }: StandingParts): Standing => {
  const write = async (action: string, actor: string | null, made: Identity): Promise<Refusal | null> => {
    await ledger.keepCertificate('hub', made.certificate)
    const body = { certificate: made.certificate.certificate, signature: made.certificate.signature }
    const written = await ledger.write([{ ...FIXED, kind: 'certificate', action, part: 0, actor, body }])
    return isRefusal(written) ? written : null
  }
  const certificates = async () => (await ledger.standing()).certificates
  // A key that is prepared while the number rises would bring the old number back: one change at a time.
  let turning: Promise<unknown> = Promise.resolve()
  const inTurn = <Answer>(change: () => Promise<Answer>): Promise<Answer> => {
    const changed = turning.then(change)
    turning = changed.catch(() => {})
    return changed
  }
  const raiseNow = async (): Promise<number> => {
    const made = identity.raise(await certificates(), parts.clock.now())
    // On a full disk only the entry is missing: the retained word names the certificate, and the next start writes it.
    await write(`hub-certificate/${made.serial}`, null, made)
    told()
    return made.incarnation
  }
  const raise = () => inTurn(raiseNow)
  const rotate = async ({ action }: HubBody<'rotateHubKey'>, actor: string): Promise<HubAnswer<'rotateHubKey'> | Refusal> => {
    const before = await ledger.ask.acted(action)
    if (before)
      return before[0]?.kind === 'certificate' && before[0].actor === actor
        ? answerOf(parts, before[0].body as BodyOf<'certificate'>)
        : refuse('api.action-reused')
    const next = identity.prepare(await certificates(), parts.clock.now())
    const refused = await write(action, actor, next)
    if (refused) {
      identity.discard()
      return refused
    }
    await new Promise<void>((resolve) => void parts.timers.after(HAND_OVER_MS, resolve))
    await ledger.signWith(identity.adopt().key)
    told()
    return { key: next.signer.key, serial: next.serial, incarnation: next.incarnation }
  }
  const incarnations = async () => {
    const own = identity.now().incarnation
    const known = (await certificates()).map(({ certificate }) => (JSON.parse(certificate) as Certificate).incarnation)
    return { own, highest: Math.max(own, ...known) }
  }
  return {
    open: async () => {
      const { certificate, serial } = identity.now()
      await ledger.keepCertificate('hub', certificate)
      // A hub that died between two steps of a change goes on where it stood: with what lies in its folder.
      if (serial > 1) await write(`hub-certificate/${serial}`, null, identity.now())
      const { tookBack, imported } = await ledger.standing()
      const { own, highest } = await incarnations()
      if (tookBack === 0 && !imported && highest === own) return
      const facts = { incarnation: await raise() }
      // Whoever dies before this rises once more: two steps up are no harm, none would be.
      if (imported) await ledger.settleImport()
      if (tookBack === 0) return
      const atMs = parts.clock.now()
      await ledger.openDiscrepancy({ kind: 'hub-restored', site: null, subject: 'hub', entry: null, atMs, facts })
    },
    incarnations,
    raise,
    rotateHubKey: (body, actor) => inTurn(() => rotate(body, actor)),
    revokeKeys: async ({ action, node, key, reason }, actor) => {
      const before = await ledger.ask.acted(action)
      if (before)
        // By whom and of whom, too: "revoked" said of another node would leave this one's keys in force unseen.
        return before.every((one) => one.kind === 'revoke' && one.actor === actor && one.body['node'] === node)
          ? { revoked: before.map(({ body }) => String(body['key'])) }
          : refuse('api.action-reused')
      // The codes go first: between the two nobody may come in by one that was made for the machine that is shut out.
      const ended = key === undefined ? await ledger.endEnrolments(node, parts.clock.now()) : null
      if (ended) return ended
      const known = (await ledger.nodes()).find((one) => one.node === node)
      const { sites } = await ledger.ask.known({ items: [], sites: [node], lots: [], epcs: [] })
      if (!known && sites.length === 0) return refuse('catalog.site-unknown', { site: node })
      const keys = key === undefined ? (known?.certificates ?? []).map((signed) => keyIn(parts, signed.certificate)) : [key]
      const revoked = [...new Set(keys)].filter((one) => !known?.revoked.includes(one))
      const drafts = revoked.map(
        (one, part): HubDraft => ({ ...FIXED, kind: 'revoke', action, part, actor, body: { node, key: one, reason } }),
      )
      const written = await ledger.write(drafts)
      return isRefusal(written) ? written : { revoked }
    },
  }
}

const FIXED = { stream: STREAM_TO_ALL, doc: null, lines: [] } as const

const keyIn = (parts: Pick<HubParts, 'crypto'>, certificate: string): string =>
  keyId(parts.crypto, bytesOfBase64url((JSON.parse(certificate) as Certificate).signingKey) ?? new Uint8Array())

const answerOf = (parts: Pick<HubParts, 'crypto'>, { certificate }: BodyOf<'certificate'>): HubAnswer<'rotateHubKey'> => {
  const { serial, incarnation } = JSON.parse(certificate) as Certificate
  return { key: keyIn(parts, certificate), serial, incarnation }
}
