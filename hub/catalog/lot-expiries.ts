import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import type { LotExpiryBody } from '@lotkeeper/protocol/ledger/bodies.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import { judgeExpiryAnswer } from '@lotkeeper/protocol/rules/lot-expiry.ts'
import type { CatalogKind } from './kind.ts'

/** Which last day of a lot is right, by the county's word; told to every node, for any of them may hold the lot or receive it next. */
export const LOT_EXPIRIES: CatalogKind<HubBody<'settleExpiry'>, HubAnswer<'settleExpiry'>> = {
  names: ({ lot }) => ({ items: [], sites: [], lots: [lot], epcs: [] }),
  judge: ({ lot, expiry, shown, reason }, { lots }) => {
    const known = lots.find((one) => one.lot === lot)
    if (!known) return refuse('catalog.lot-unknown', { lot })
    const said = (reason ?? '').trim()
    const body = judgeExpiryAnswer({ lot, expiry, shown, reason: said === '' ? null : said }, known.days)
    return isRefusal(body) ? body : { drafts: [{ stream: STREAM_TO_ALL, kind: 'lot-expiry', doc: null, lines: [], body }] }
  },
  same: ({ lot, expiry, reason }, [first]) => {
    const body = first?.kind === 'lot-expiry' ? (first.body as unknown as LotExpiryBody) : null
    return body?.lot === lot && body.expiry === expiry && body.reason === ((reason ?? '').trim() || null)
  },
  view: ([first]) => {
    const { lot, expiry, version } = (first?.body ?? {}) as unknown as LotExpiryBody
    return { lot, expiry: expiry ?? '', version, entry: first?.entry ?? '' }
  },
}
