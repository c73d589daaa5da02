import type { TaskView } from '@lotkeeper/protocol/api/node.ts'
import type { ItemView } from '@lotkeeper/protocol/api/views.ts'
import { useState } from 'react'
import { Icon } from '../../parts/icons.tsx'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { numberText } from '../../parts/moments.ts'
import { Choices } from '../parts/choices.tsx'
import { countedIn } from '../parts/packs.ts'
import { Paper } from '../parts/paper.tsx'
import { PickItem } from '../parts/pick-item.tsx'
import { useSay } from '../words.ts'

interface Bound {
  readonly item: string
  readonly lotNumber: string
  readonly expiry: string | null
  readonly pack: string
}

/** Says what an unknown tag is stuck on; from then on the doors know it. */
export const BindPaper = ({
  task,
  onClose,
  onBind,
}: {
  readonly task: TaskView
  readonly onClose: () => void
  readonly onBind: (bound: Bound) => void
}) => {
  const say = useSay()
  const [item, setItem] = useState<ItemView | null>(null)
  return (
    <Paper title={say('bind.title')} onClose={onClose} testId="bind-paper">
      <p className="soft mono epc">{task.epc}</p>
      {item ? <BindForm item={item} onOther={() => setItem(null)} onBind={onBind} /> : <PickItem onPick={setItem} />}
    </Paper>
  )
}

const BindForm = ({
  item,
  onOther,
  onBind,
}: {
  readonly item: ItemView
  readonly onOther: () => void
  readonly onBind: (bound: Bound) => void
}) => {
  const say = useSay()
  const { language } = useLanguage()
  const ways = countedIn(item, language)
  const [lotNumber, setLotNumber] = useState('')
  const [expiry, setExpiry] = useState('')
  const [pack, setPack] = useState(ways[0]?.pack ?? '')
  return (
    <form
      className="bind"
      onSubmit={(event) => {
        event.preventDefault()
        onBind({ item: item.item, lotNumber: lotNumber.trim(), expiry: expiry || null, pack })
      }}
    >
      <p className="picked">
        <b>{nameIn(item.name, language)}</b>
        <button type="button" className="plain-button" onClick={onOther}>
          {say('bind.other-item')}
        </button>
      </p>
      <div className="fields">
        <label>
          {say('lot.number')}
          <input
            value={lotNumber}
            onChange={(event) => setLotNumber(event.target.value)}
            placeholder={say('lot.number-hint')}
            maxLength={40}
            autoComplete="off"
            data-testid="bind-lot"
          />
        </label>
        <label>
          {say('lot.expiry')}
          <input type="date" value={expiry} onChange={(event) => setExpiry(event.target.value)} data-testid="bind-expiry" />
          <small>{say('lot.expiry-hint')}</small>
        </label>
      </div>
      <Choices
        label={say('bind.pack')}
        value={pack}
        onChange={setPack}
        options={ways.map((way) => ({
          value: way.pack,
          words: way.words,
          note: `${numberText(way.units)} ${nameIn(item.unit, language)}`,
        }))}
      />
      <button type="submit" className="wide-button good" data-testid="bind-send">
        <Icon name="tag" size={26} />
        {say('bind.send')}
      </button>
    </form>
  )
}
