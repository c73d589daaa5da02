import type { HubAnswer, HubBody } from '@lotkeeper/protocol/api/hub.ts'
import {
  LABEL_COPIES_MAX,
  LABEL_DESIGNS_MAX,
  LABEL_DPIS,
  LABEL_FORMS,
  LABEL_SIZES,
  type LabelBody,
  type LabelWish,
} from '@lotkeeper/protocol/api/hub-labels.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import { lotKey } from '@lotkeeper/protocol/names.ts'
import { isRefusal, malformed, type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import type { SiteScope } from '@lotkeeper/protocol/rules/access.ts'
import type { CatalogFacts, HubQuestions } from '../ledger/contract.ts'
import { type Content, levelOf, type TagToPrint } from './content.ts'
import type { Drawn } from './drawing.ts'
import { assignTags, tagsOfAct } from './serials.ts'
import { svgOf } from './svg.ts'

/** Labels for packs. What announces goods is registered in the act that prints it; everything else leaves no entry. */
export interface Labels {
  readonly forms: () => HubAnswer<'labelForms'>
  /** `within`: whose lots are known to whoever asks; what a lot of another site ends on is not told. */
  readonly preview: (body: HubBody<'previewLabels'>, actor: string, within?: SiteScope) => Promise<HubAnswer<'previewLabels'> | Refusal>
  readonly print: (body: HubBody<'printLabels'>, actor: string, within?: SiteScope) => Promise<HubAnswer<'printLabels'> | Refusal>
}

/** What labels need of the house: what is known, and the act that registers tags. */
export interface LabelParts {
  readonly ask: Pick<HubQuestions, 'known' | 'acted'>
  readonly registerTags: (body: HubBody<'registerTags'>, actor: string) => Promise<HubAnswer<'registerTags'> | Refusal>
  readonly now: () => number
}

export const openLabels = ({ ask, registerTags, now }: LabelParts): Labels => {
  const drawn = async (asked: LabelBody, actor: string, within: SiteScope): Promise<readonly Drawn[] | Refusal> => {
    const wrong = judgeBody(asked)
    if (wrong) return wrong
    const body = tagsAsked(asked) === null ? asked : { ...asked, labels: asked.labels.flatMap(one) }
    const facts = await ask.known(namesOf(body), within)
    const tags = await tagsFor({ ask, actor }, body, facts)
    if (isRefusal(tags)) return tags
    // The encoder of symbols is large: a hub that prints nothing never loads it.
    const { drawAll } = await import('./drawing.ts')
    return drawAll(body, facts, { year: new Date(now()).getUTCFullYear(), tags })
  }
  return {
    forms,
    preview: async (body, actor, within = 'all') => {
      const labels = await drawn(body, actor, within)
      return isRefusal(labels) ? labels : { rows: labels.map(({ layout, row }) => ({ ...row, svg: svgOf(layout, body.size) })) }
    },
    print: async (body, actor, within = 'all') => {
      const labels = await drawn(body, actor, within)
      if (isRefusal(labels)) return labels
      // Drawn before it is registered: a label that cannot be printed announces nothing.
      const { writeForm } = await import('./forms.ts')
      const written = await writeForm(body, labels)
      const { action, announce } = body
      const tags = labels.flatMap(({ content }) => (content.epc === null ? [] : [tagOf(content, content.epc)]))
      const registered = announce === null ? null : await registerTags({ action, site: announce.site, doc: announce.doc, tags }, actor)
      return isRefusal(registered) ? registered : { ...written, rows: labels.map(({ row }) => row) }
    },
  }
}

const judgeBody = (body: LabelBody): Refusal | null => {
  const { scheme, announce, labels } = body
  const tagged = tagsAsked(body) !== null
  const copies = labels.reduce((sum, label) => sum + label.copies, 0)
  const designs = tagged ? copies : labels.length
  if (copies > LABEL_COPIES_MAX || designs > LABEL_DESIGNS_MAX)
    return refuse('labels.too-many', { designs: LABEL_DESIGNS_MAX, copies: LABEL_COPIES_MAX })
  if (!tagged) return null
  if (announce !== null && body.numbered) return malformed('numbered', ANNOUNCED_IS_NUMBERED)
  if (scheme === 'local') return malformed(announce === null ? 'numbered' : 'announce', TAG_NEEDS_GTIN)
  const numbered = labels.findIndex(({ serial }) => serial !== undefined)
  return numbered < 0 ? null : malformed(`labels/${numbered}/serial`, SERIAL_IS_OURS)
}
/** What is asked of the tags, where labels are tags: those that announce goods, or those for stock that stands there. */
const tagsAsked = ({ announce, numbered }: LabelBody) => announce ?? numbered ?? null
const ANNOUNCED_IS_NUMBERED = { zh: '随货登记的标签已有编号', en: 'is what announced tags have anyway' }
const TAG_NEEDS_GTIN = { zh: '电子标签要有商品条码，不能用本地码', en: 'needs GTINs: a tag carries no local code' }
const SERIAL_IS_OURS = { zh: '登记的电子标签由县里编号', en: 'is given by the hub for announced tags' }

/** Each copy of an announced label is a tag of its own. */
const one = (wish: LabelWish): readonly LabelWish[] => Array.from({ length: wish.copies }, () => ({ ...wish, copies: 1 }))

const namesOf = ({ labels }: LabelBody): Parameters<HubQuestions['known']>[0] => {
  const items = [...new Set(labels.map(({ item }) => item))]
  const lots = labels.flatMap(({ item, lotNumber }) => (lotNumber === null ? [] : [lotKey(item, lotNumber)]))
  return { items, sites: [], lots: [...new Set(lots)], epcs: [], records: items.map((id) => ({ is: 'item', id })) }
}

/** The tags of an announcement, one for each label: those its act registered before, or new ones. */
const tagsFor = async (
  { ask, actor }: Pick<LabelParts, 'ask'> & { readonly actor: string },
  body: LabelBody,
  facts: CatalogFacts,
): Promise<readonly TagToPrint[] | Refusal> => {
  const asked = tagsAsked(body)
  if (asked === null) return []
  const before = body.announce === null ? null : await ask.acted(body.action)
  if (before !== null) {
    const isTheirs = before.every((one) => one.actor === actor && one.body['site'] === body.announce?.site)
    const epcs = isTheirs ? tagsOfAct(before, body.labels.length) : refuse('api.action-reused')
    return isRefusal(epcs) ? epcs : epcs.map((hex) => ({ hex, serial: serialIn(hex) }))
  }
  const gtins: string[] = []
  for (const wish of body.labels) {
    const wished = levelOf(wish, facts)
    if (isRefusal(wished)) return wished
    if (wished.level.gtin === null) return refuse('labels.gtin-missing', { item: wish.item, pack: wish.pack })
    gtins.push(wished.level.gtin)
  }
  return assignTags(ask, body.action, { gtins, prefixDigits: asked.prefixDigits, epc: asked.epc ?? 'sgtin-96' })
}

const serialIn = (hex: string): string => {
  const said = decodeEpc(bytesOfHex(hex) ?? new Uint8Array())
  return isRefusal(said) ? '' : (said.serial ?? '')
}

const tagOf = ({ wish: { item, pack, lotNumber }, expiry }: Content, { hex }: TagToPrint): HubBody<'registerTags'>['tags'][number] => ({
  ...{ epc: hex, item, lotNumber: lotNumber ?? '', expiry, pack },
})

const forms: Labels['forms'] = () => ({
  forms: Object.entries(LABEL_FORMS).map(([form, row]) => ({ form, ...row })),
  sizes: Object.entries(LABEL_SIZES).map(([size, mm]) => ({
    ...{ size, ...mm },
    ...{ zh: `${mm.widthMm} × ${mm.heightMm} 毫米`, en: `${mm.widthMm} by ${mm.heightMm} mm` },
  })),
  dpis: Object.keys(LABEL_DPIS).map(Number),
  symbols: [...SYMBOLS],
})
const SYMBOLS = [
  { scheme: 'gs1', symbol: 'datamatrix', zh: 'GS1 DataMatrix', en: 'GS1 DataMatrix' },
  { scheme: 'gs1', symbol: 'code128', zh: 'GS1-128', en: 'GS1-128' },
  { scheme: 'gs1', symbol: 'qr', zh: '二维码（GS1 数字链接）', en: 'QR (GS1 Digital Link)' },
  { scheme: 'local', symbol: 'datamatrix', zh: '本地码 DataMatrix', en: 'Local code, DataMatrix' },
  { scheme: 'local', symbol: 'code128', zh: '本地码 Code 128', en: 'Local code, Code 128' },
  { scheme: 'local', symbol: 'qr', zh: '本地码二维码', en: 'Local code, QR' },
] as const
