import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import { useState } from 'react'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { Paper } from '../parts/paper.tsx'
import { Stepper } from '../parts/stepper.tsx'
import { useSay } from '../words.ts'

/** Asks how many units an opened pack still holds. */
export const UnitsPaper = ({
  tag,
  onClose,
  onUnits,
}: {
  readonly tag: NonNullable<TaskView['tag']>
  readonly onClose: () => void
  readonly onUnits: (units: number) => void
}) => {
  const say = useSay()
  const { language } = useLanguage()
  const [units, setUnits] = useState(1)
  return (
    <Paper title={say('units.title')} onClose={onClose} testId="units-paper">
      <p className="tagged">
        <b>{nameIn(tag.itemName, language)}</b>
        <span className="mono">{tag.lotNumber}</span>
      </p>
      <Stepper value={units} onChange={setUnits} label={say('units.label')} />
      <button type="button" className="wide-button good" onClick={() => onUnits(units)} data-testid="units-send">
        {say('units.send')}
      </button>
    </Paper>
  )
}
