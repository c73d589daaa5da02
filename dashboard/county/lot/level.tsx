import type { LotView } from '@lotkeeper/protocol/api/views.ts'
import { useEffect, useMemo, useRef } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { useMoments, useSites } from '../county.ts'
import { Sheet } from '../parts/sheet.tsx'
import { useSay } from '../words.ts'
import { LINE_COLOURS, openChart } from './chart.ts'
import { levelsOf } from './levels.ts'

/** Units in stock over time, a stepped line per site. */
export const Level = ({ lot }: { readonly lot: LotView }) => {
  const say = useSay()
  const { language } = useLanguage()
  const sites = useSites()
  const { zone } = useMoments()
  const host = useRef<HTMLDivElement>(null)
  const levels = useMemo(() => levelsOf(lot, Date.now()), [lot])
  const names = levels.lines.map((line) => {
    const site = sites.get(line.site)
    return site ? nameIn(site.name, language) : line.site
  })
  const unit = nameIn(lot.item.unit, language)
  const drawn = names.join('\n')
  useEffect(() => {
    if (!host.current || levels.lines.length === 0) return
    return openChart(host.current, levels, { names: drawn.split('\n'), unit, zone })
  }, [levels, drawn, unit, zone])
  if (levels.lines.length === 0) return null
  return (
    <Sheet title={say('lot.level')} hint={unit}>
      <div className="level" ref={host} role="img" aria-label={say('lot.level')} />
      <ul className="level-legend">
        {names.map((name, index) => (
          <li key={name}>
            <i style={{ background: LINE_COLOURS[index % LINE_COLOURS.length] }} />
            {name}
          </li>
        ))}
      </ul>
    </Sheet>
  )
}
