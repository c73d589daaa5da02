import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { Segmented } from 'antd'
import { useState } from 'react'
import { clip } from '../../parts/clip.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { usePlaceWords, useSites } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { type CountySay, useSay } from '../words.ts'
import { bySite, type FlowEdge, type FlowLayout, type FlowNode, layFlow, ROOMS_DRAWN_MAX } from './flow-layout.ts'

/** The way of a lot as a drawing: every place it has been, what is there now, how much went along each line. */
export const Flow = ({ lot }: { readonly lot: LotView }) => {
  const say = useSay()
  const places = new Set(lot.whereWent.flatMap((one) => [one.from, one.to]))
  const [detail, setDetail] = useState<'rooms' | 'sites'>(places.size > ROOMS_DRAWN_MAX ? 'sites' : 'rooms')
  const drawn = detail === 'rooms' ? { went: lot.whereWent, is: lot.whereIs } : bySite(lot.whereWent, lot.whereIs)
  const layout = layFlow(drawn.went, drawn.is)
  return (
    <Sheet
      title={say('lot.flow')}
      hint={say('lot.flow-hint')}
      className="flow-sheet"
      aside={
        <Segmented
          value={detail}
          onChange={setDetail}
          options={[
            { value: 'rooms', label: say('lot.by-rooms') },
            { value: 'sites', label: say('lot.by-sites') },
          ]}
        />
      }
    >
      <div className="flow-scroll">
        <FlowPicture layout={layout} unit={lot.item.unit} />
      </div>
    </Sheet>
  )
}

const FlowPicture = ({ layout, unit }: { readonly layout: FlowLayout; readonly unit: LotView['item']['unit'] }) => {
  const say = useSay()
  const { language } = useLanguage()
  const width = layout.columns * COLUMN - GAP + 2 * EDGE
  const height = layout.rows * ROW - 20 + 2 * EDGE
  const at = new Map(layout.nodes.map((node) => [node.place, node]))
  const most = Math.max(1, ...layout.edges.map((edge) => edge.units))
  return (
    <svg
      className="flow"
      viewBox={`0 0 ${width} ${height}`}
      style={{ minWidth: width * 0.78, maxWidth: width * 1.15 }}
      role="img"
      aria-label={say('lot.flow')}
    >
      {layout.edges.map((edge) => (
        <Line key={`${edge.from} ${edge.to}`} edge={edge} from={at.get(edge.from)} to={at.get(edge.to)} share={edge.units / most} />
      ))}
      {layout.nodes.map((node) => (
        <PlaceBox key={node.place} node={node} unit={nameIn(unit, language)} />
      ))}
    </svg>
  )
}

const Line = ({
  edge,
  from,
  to,
  share,
}: {
  readonly edge: FlowEdge
  readonly from: FlowNode | undefined
  readonly to: FlowNode | undefined
  readonly share: number
}) => {
  const say = useSay()
  if (!from || !to) return null
  const start = { x: EDGE + from.column * COLUMN + BOX, y: middleOf(from) }
  const end = { x: EDGE + to.column * COLUMN, y: middleOf(to) }
  const bend = edge.back
    ? backLine(from, to)
    : `M${start.x} ${start.y}C${start.x + GAP * 0.55} ${start.y} ${end.x - GAP * 0.55} ${end.y} ${end.x} ${end.y}`
  const label = edge.back
    ? { x: (EDGE * 2 + (from.column + to.column) * COLUMN + BOX) / 2, y: Math.max(middleOf(from), middleOf(to)) + 42 }
    : { x: end.x - 26, y: end.y - 10 - share * 6 }
  return (
    <g className={`flow-line ${edge.back ? 'flow-line-back' : ''}`}>
      <title>{say('lot.line', { units: numberText(edge.units), n: edge.movements })}</title>
      <path d={bend} strokeWidth={2 + share * 12} />
      <text x={label.x} y={label.y}>
        {numberText(edge.units)}
      </text>
    </g>
  )
}

const PlaceBox = ({ node, unit }: { readonly node: FlowNode; readonly unit: string }) => {
  const say = useSay()
  const words = usePlaceWords()
  const sites = useSites()
  const { language } = useLanguage()
  const name = placeOf(node.place)
  const site = sites.get(node.place)
  const said = words(node.place)
  const title = name
    ? said.state
      ? `${said.room} · ${say(`state.${said.state}`)}`
      : said.room
    : site
      ? nameIn(site.name, language)
      : node.place
  const ends = name?.virtual ?? (name ? name.state : 'site')
  return (
    <g
      className={`flow-box flow-${ends} ${node.units === 0 ? 'flow-empty' : ''}`}
      transform={`translate(${EDGE + node.column * COLUMN} ${EDGE + node.row * ROW})`}
    >
      <title>{node.place}</title>
      <rect width={BOX} height={BOX_HIGH} rx={10} />
      <text x={14} y={22} className="flow-site">
        {clip(name ? said.site : say('lot.site'), 12)}
      </text>
      <text x={14} y={43} className="flow-room">
        {clip(title, 11)}
      </text>
      <text x={14} y={64} className="flow-units">
        {unitWords(node, unit, say)}
      </text>
    </g>
  )
}

/** Where a lot begins it says how much began there: supplied from outside, or made of other lots. */
const unitWords = (node: FlowNode, unit: string, say: CountySay): string => {
  const virtual = placeOf(node.place)?.virtual
  const n = numberText(Math.abs(node.units))
  if (virtual === 'supplier') return say('lot.supplied', { n })
  return virtual === 'transformed' && node.units < 0 ? say('lot.made', { n }) : `${numberText(node.units)} ${unit}`
}

/** A way back runs under the boxes, so that it is never taken for a way on. */
const backLine = (from: FlowNode, to: FlowNode): string => {
  const start = { x: EDGE + from.column * COLUMN + BOX / 2, y: middleOf(from) + BOX_HIGH / 2 }
  const end = { x: EDGE + to.column * COLUMN + BOX / 2, y: middleOf(to) + BOX_HIGH / 2 }
  const deep = Math.max(start.y, end.y) + 22
  return `M${start.x} ${start.y}C${start.x} ${deep} ${end.x} ${deep} ${end.x} ${end.y}`
}

const middleOf = (node: FlowNode): number => EDGE + node.row * ROW + BOX_HIGH / 2
const BOX = 172
const BOX_HIGH = 76
const GAP = 92
const COLUMN = BOX + GAP
const ROW = 104
const EDGE = 26
