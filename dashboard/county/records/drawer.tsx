import type { HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Kept } from '../../parts/shelf.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { Allowed } from '../may.tsx'
import { useSay } from '../words.ts'
import type { Fields } from './fields.ts'
import { GuardedDrawer } from './guarded-drawer.tsx'
import { History, type Written } from './history.tsx'
import { Merges } from './merge.tsx'
import type { Known } from './record-form.tsx'
import { fieldsIn } from './use-save.ts'
import './records.css'

/** A record opened: what it says, its versions and merges; and its form, when it is changed or made. `id` `NEW` makes one. */
export const RecordDrawer = <One extends Shown>({ id, read, writes, title, newTitle, show, edit, merge, onClose }: DrawerLine<One>) => {
  // What a change begins from is held fast: a newer version that is read meanwhile must not become it unseen.
  const [began, setBegan] = useState<Known | null>(null)
  const [merging, setMerging] = useState(false)
  const one = id === null || id === NEW ? undefined : read.value
  const known = one && began?.id === idIn(one) ? began : null
  return (
    <GuardedDrawer
      open={id !== null}
      onClose={known ? () => setBegan(null) : onClose}
      title={id === NEW ? newTitle : one ? title(one) : ''}
      size={760}
      footer={
        one && !known ? (
          <Acts writes={writes} onEdit={() => setBegan(knownIn(one))} onMerge={merge ? () => setMerging(true) : null} />
        ) : null
      }
    >
      {id !== NEW && read.trouble && <TroubleNote trouble={read.trouble} />}
      {id !== NEW && !one && !read.trouble && <Waiting rows={8} />}
      {id === NEW && edit(null, onClose)}
      {one && known && edit(known, () => setBegan(null), one)}
      {one && !known && <RecordShown one={one}>{show(one)}</RecordShown>}
      {one && merging && merge?.(one, () => setMerging(false))}
    </GuardedDrawer>
  )
}

const RecordShown = ({ one, children }: { readonly one: Shown; readonly children: ReactNode }) => {
  const say = useSay()
  const [newest] = one.history
  const from = newest && !newest.rules ? (newest.record as Fields)['from'] : undefined
  return (
    <div className="record" data-testid="record">
      {one.asked !== idIn(one) && <p className="record-note">{say('record.merged', { id: one.asked, to: idIn(one) })}</p>}
      {from !== undefined && <p className="record-note">{say('record.coming', { n: one.latest, from: String(from) })}</p>}
      {children}
      <Merges merges={one.merges} />
      <History versions={one.history} more={one.more} />
    </div>
  )
}

/** The id that opens an empty form. */
export const NEW = '+'

interface Shown {
  readonly asked: string
  readonly record: object
  readonly latest: number
  readonly history: readonly Written[]
  readonly more: boolean
  readonly merges: Parameters<typeof Merges>[0]['merges']
}

interface DrawerLine<One extends Shown> {
  readonly id: string | null
  readonly read: Kept<One>
  /** The route that changes it: whoever may not ask that only reads. */
  readonly writes: HubRoute
  readonly title: (one: One) => string
  readonly newTitle: string
  readonly show: (one: One) => ReactNode
  /** The form: of a new record, or of what a change begins from. */
  readonly edit: (known: Known | null, onSaved: () => void, one?: One) => ReactNode
  readonly merge?: (one: One, onClose: () => void) => ReactNode
  readonly onClose: () => void
}

/** A change begins from the highest version, though that rules only later. */
const knownIn = (one: Shown): Known => ({
  id: idIn(one),
  version: one.latest,
  fields: fieldsIn((one.history[0]?.record ?? one.record) as Fields),
})

const idIn = ({ record }: Shown): string => String((record as Fields)['id'] ?? (record as Fields)['item'])

const Acts = ({
  writes,
  onEdit,
  onMerge,
}: {
  readonly writes: HubRoute
  readonly onEdit: () => void
  readonly onMerge: (() => void) | null
}) => {
  const say = useSay()
  return (
    <div className="record-acts">
      {onMerge && (
        <Allowed route="mergeRecords">
          <Button size="large" onClick={onMerge} data-testid="record-merge">
            {say('merge.open')}
          </Button>
        </Allowed>
      )}
      <Allowed route={writes}>
        <Button type="primary" size="large" onClick={onEdit} data-testid="record-edit">
          {say('record.edit')}
        </Button>
      </Allowed>
    </div>
  )
}
