import { useState } from 'react'
import { isThere } from '../move/page.tsx'
import { Choices } from '../parts/choices.tsx'
import { PickStock, useChosenRow } from '../parts/pick-stock.tsx'
import { useSay } from '../words.ts'
import { TagForm } from './form.tsx'
import { PastTags } from './past.tsx'
import { WAYS, type Way } from './ways.ts'
import './tags.css'

/** Electronic labels: another one for a pack, a first one for stock that stands here, or none any more. No unit moves. */
export const TagsPage = () => {
  const say = useSay()
  const chosen = useChosenRow()
  const [picked, setPicked] = useState<Way | null>(null)
  const way = picked ?? (chosen.row ? 'first' : 'replace')
  return (
    <div className="work">
      <h1>{say('screen.tags')}</h1>
      <div className="tag-ways" data-testid="tag-ways">
        <Choices
          label={say('tags.way')}
          value={way}
          onChange={setPicked}
          options={WAYS.map((one) => ({ value: one, words: say(`tags.${one}`), note: say(`tags.${one}-note`) }))}
        />
      </div>
      {way === 'first' && !chosen.row ? (
        <PickStock hint={say('tags.pick-hint')} may={isThere} onPick={chosen.pick} />
      ) : (
        <TagForm
          key={`${way} ${chosen.row?.place} ${chosen.row?.lot}`}
          way={way}
          row={way === 'first' ? chosen.row : null}
          onDrop={chosen.drop}
        />
      )}
      <PastTags />
    </div>
  )
}
