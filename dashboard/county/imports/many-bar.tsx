import type { HubAnswer } from '@lotkeeper/protocol/api/hub.ts'
import type { TableImport, TablePick } from '@lotkeeper/protocol/api/hub-imports.ts'
import { Button, Select } from 'antd'
import { useContext, useEffect, useRef, useState } from 'react'
import { newAction } from '../../parts/action.ts'
import type { Answer, Trouble } from '../../parts/door.ts'
import { numberText } from '../../parts/moments.ts'
import { ShelfContext } from '../../parts/shelf.ts'
import { TroubleNote } from '../../parts/trouble.tsx'
import { useCounty } from '../county.ts'
import { useSay } from '../words.ts'

/** Answers for all open rows at once; it runs by stretches, may be stopped, and may be taken back. */
export const ManyBar = ({ one, onChosen }: { readonly one: TableImport; readonly onChosen: () => void }) => {
  const say = useSay()
  const [least, setLeast] = useState(LEAST[1] ?? 0)
  const many = useMany(one, onChosen)
  const open = one.outcomes.choice
  const isRunning = many.running !== null
  return (
    <div className="many" data-testid="many">
      <b>{say('many.title', { n: numberText(open) })}</b>
      <span className="many-best">
        <Button disabled={open === 0 || isRunning} onClick={() => void many.run('best', least / 100)} data-testid="many-best">
          {say('many.best')}
        </Button>
        <Select
          value={least}
          onChange={setLeast}
          aria-label={say('many.least')}
          options={LEAST.map((value) => ({ value, label: value === 0 ? say('many.any') : say('many.least-n', { n: value }) }))}
          data-testid="many-least"
        />
      </span>
      <Button disabled={open === 0 || isRunning} onClick={() => void many.run('new')} data-testid="many-new">
        {say('many.new')}
      </Button>
      <Button type="text" disabled={isRunning} onClick={() => void many.run('open')} data-testid="many-open">
        {say('many.open')}
      </Button>
      {many.running !== null && (
        <span className="many-running" role="status">
          {say('many.running', { n: numberText(many.running) })}
          <Button size="small" onClick={many.stop}>
            {say('many.stop')}
          </Button>
        </span>
      )}
      {many.running === null && many.chosen !== null && open > 0 && many.pick === 'best' && (
        <small className="soft">{say('many.left', { n: numberText(many.chosen) })}</small>
      )}
      {many.trouble && <TroubleNote trouble={many.trouble} />}
    </div>
  )
}

/** Likeness that a person may ask for, in percent; 0: whatever is most alike. */
const LEAST: readonly number[] = [95, 90, 80, 70, 0]

const useMany = ({ import: id }: TableImport, onChosen: () => void) => {
  const { hub } = useCounty()
  const shelf = useContext(ShelfContext)
  const [running, setRunning] = useState<number | null>(null)
  const [chosen, setChosen] = useState<number | null>(null)
  const [pick, setPick] = useState<TablePick>('best')
  const [trouble, setTrouble] = useState<Trouble | null>(null)
  const stopped = useRef(false)
  useEffect(
    () => () => {
      stopped.current = true
    },
    [],
  )
  const run = async (wish: TablePick, scoreMin = 0): Promise<void> => {
    stopped.current = false
    setPick(wish)
    setTrouble(null)
    let sum = 0
    for (let after: number | null = 1; after !== null && !stopped.current; ) {
      setRunning(sum)
      const answer: Answer<HubAnswer<'chooseTableRows'>> = await hub.ask('chooseTableRows', {
        body: { action: newAction(), import: id, pick: wish, scoreMin, after },
      })
      if (!answer.ok) {
        setTrouble(answer.trouble)
        break
      }
      sum += answer.value.chosen
      after = answer.value.next
      shelf.renew('tableImport ')
    }
    setRunning(null)
    setChosen(sum)
    onChosen()
  }
  const stop = (): void => {
    stopped.current = true
  }
  return { running, chosen, pick, trouble, run, stop }
}
