import type { MachineView } from '@lotkeeper/protocol/api/hub-people.ts'
import { Button } from 'antd'
import { useState } from 'react'
import { useAct } from '../../parts/act.ts'
import { Icon } from '../../parts/icons.tsx'
import { useMinuteMs } from '../../parts/now.ts'
import { EmptyNote } from '../../parts/trouble.tsx'
import { useCounty, useHubPages, useMoments } from '../county.ts'
import { MomentCell } from '../parts/cells.tsx'
import { type Column, Rows } from '../parts/rows.tsx'
import { Sheet } from '../parts/sheet.tsx'
import { Who } from '../parts/who.tsx'
import { ReasonModal } from '../people/reason-modal.tsx'
import { GrantLines } from '../users/grant-lines.tsx'
import { useSay } from '../words.ts'
import { daysLeft, isEndingSoon } from './days-left.ts'
import { MachineDrawer } from './drawer.tsx'
import '../people/people.css'

/** The keys other systems call by: what each may, until when, when it was last used; and the way to make and to end one. */
export const MachinesPage = () => {
  const say = useSay()
  const [making, setMaking] = useState(false)
  const [ending, setEnding] = useState<MachineView | null>(null)
  const pages = useHubPages('machines', { limit: 100 })
  const columns = useMachineColumns(setEnding)
  return (
    <Sheet
      title={say('machines.title')}
      hint={say('machines.hint')}
      className="list-sheet"
      aside={
        <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={() => setMaking(true)} data-testid="machine-new">
          {say('machines.new')}
        </Button>
      }
    >
      <Rows
        name="machines"
        label={say('machines.title')}
        columns={columns}
        rows={pages.rows}
        keyOf={(row) => row.machine}
        pages={pages}
        toneOf={(row) => (row.state === 'active' ? '' : 'row-ended')}
        empty={<EmptyNote title={say('machines.none')} hint={say('machines.none-hint')} />}
      />
      <MachineDrawer open={making} onMade={pages.renew} onClose={() => setMaking(false)} />
      {ending && <EndModal one={ending} onEnded={pages.renew} onClose={() => setEnding(null)} />}
    </Sheet>
  )
}

interface EndLine {
  readonly one: MachineView
  readonly onEnded: () => void
  readonly onClose: () => void
}

const EndModal = ({ one, onEnded, onClose }: EndLine) => {
  const say = useSay()
  const { hub } = useCounty()
  const end = useAct((action, reason: string) => hub.ask('endMachine', { body: { action, machine: one.machine, reason } }))
  const send = async (reason: string): Promise<void> => {
    if (!(await end.send(reason))?.ok) return
    onEnded()
    onClose()
  }
  return (
    <ReasonModal
      title={say('machine.end-sure', { name: one.name })}
      means={say('machine.end-means')}
      act={say('machine.end')}
      sending={end.state === 'sending'}
      trouble={end.trouble}
      onSend={(reason) => void send(reason)}
      onClose={onClose}
    />
  )
}

const useMachineColumns = (onEnd: (one: MachineView) => void): readonly Column<MachineView>[] => {
  const say = useSay()
  return [
    {
      id: 'item',
      title: say('machine.name'),
      width: 'minmax(170px, 1.2fr)',
      cell: (row) => (
        <span className="item-cell">
          <b>{row.name}</b>
          <small className="mono faint">{row.machine}</small>
        </span>
      ),
    },
    { id: 'kind', title: say('user.roles'), width: 'minmax(200px, 1.8fr)', cell: (row) => <MayCell row={row} /> },
    { id: 'state', title: say('user.state'), width: '84px', cell: (row) => <MachineState row={row} /> },
    { id: 'model', title: say('machine.until'), width: 'minmax(130px, .9fr)', cell: (row) => <UntilCell row={row} /> },
    {
      id: 'at',
      title: say('machine.seen'),
      width: '130px',
      cell: (row) => (row.seenAt ? <MomentCell at={row.seenAt} /> : <span className="faint">{say('machine.never')}</span>),
    },
    {
      id: 'who',
      title: say('machine.made-by'),
      width: 'minmax(90px, .7fr)',
      cell: (row) => (
        <span className="soft">
          <Who id={row.madeBy} />
        </span>
      ),
    },
    {
      id: 'open',
      title: '',
      width: '76px',
      right: true,
      cell: (row) =>
        row.state === 'active' && (
          <Button size="small" danger onClick={() => onEnd(row)} data-testid="machine-end">
            {say('machine.end')}
          </Button>
        ),
    },
  ]
}

const MayCell = ({ row }: { readonly row: MachineView }) => {
  const say = useSay()
  return (
    <span className="role-lines">
      <GrantLines grants={row.roles} />
      <small className="faint">
        {row.scopes && `${say('machine.narrowed', { n: row.scopes.length })} · `}
        {say('machine.rate', { n: row.perMinute })}
      </small>
    </span>
  )
}

const MachineState = ({ row }: { readonly row: MachineView }) => {
  const say = useSay()
  return (
    <span
      className={`mark mark-plain ${row.state === 'active' ? 'mark-good' : 'mark-bad'}`}
      data-testid="machine-state"
      data-state={row.state}
    >
      {say(`machine.${row.state}`)}
    </span>
  )
}

const UntilCell = ({ row }: { readonly row: MachineView }) => {
  const say = useSay()
  const moments = useMoments()
  const nowMs = useMinuteMs()
  const days = daysLeft(row.until, nowMs)
  return (
    <span className="two-lines" title={moments.full(row.until)}>
      <span>{moments.full(row.until).slice(0, DAY_LETTERS)}</span>
      {row.state === 'active' && isEndingSoon(days) && (
        <span>
          <span className="mark mark-near mark-plain">{days < 1 ? say('machine.ends-today') : say('machine.ends-in', { n: days })}</span>
        </span>
      )}
      {row.state === 'active' && !isEndingSoon(days) && <small className="faint">{say('machine.days-left', { n: days })}</small>}
    </span>
  )
}

/** `2026-11-22` of a moment told in full. */
const DAY_LETTERS = 10
