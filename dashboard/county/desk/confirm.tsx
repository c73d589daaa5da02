import type { ProvisionalView } from '@lotkeeper/protocol/api/hub-provisionals.ts'
import { App } from 'antd'
import { useMemo } from 'react'
import { newAction } from '../../parts/action.ts'
import { nameIn, useLanguage } from '../../parts/language.ts'
import { TroubleNote, Waiting } from '../../parts/trouble.tsx'
import { useHub } from '../county.ts'
import { ItemFields } from '../items/form.tsx'
import type { Fields } from '../records/fields.ts'
import { GuardedDrawer } from '../records/guarded-drawer.tsx'
import type { SavedBy } from '../records/record-form.tsx'
import { useSay } from '../words.ts'
import { formOfMet, type ItemSeenBy } from './met.ts'
import { useDecide } from './use-desk.ts'

/** Confirms an item: the form of its record, begun from what the keeper wrote or from the public database; it keeps the id it was booked under. */
export const ConfirmDrawer = ({ one, met, di, onClose, onDecided }: ConfirmLine) => {
  const say = useSay()
  const { language } = useLanguage()
  const device = useHub('device', di === null ? null : { di })
  return (
    <GuardedDrawer open onClose={onClose} title={say('desk.confirm-title', { name: nameIn(met.name, language) })} size={760}>
      {device.trouble && <TroubleNote trouble={device.trouble} />}
      {di !== null && !device.value && !device.trouble && <Waiting rows={8} />}
      {(di === null || device.value) && <ConfirmForm one={one} met={met} device={device.value ?? null} onDecided={onDecided} />}
    </GuardedDrawer>
  )
}

interface ConfirmLine {
  readonly one: ProvisionalView
  readonly met: ItemSeenBy
  /** The record of the public database it is begun from. */
  readonly di: string | null
  readonly onClose: () => void
  readonly onDecided: () => void
}

const ConfirmForm = ({ one, met, device, onDecided }: FormLine) => {
  const say = useSay()
  const { message } = App.useApp()
  const { language } = useLanguage()
  const decide = useDecide()
  const begun = useMemo(() => formOfMet(met, device, newAction), [met, device])
  // Under a conflict the county makes its record after all: that ends it, and is an act of its own.
  const by: SavedBy | undefined = one.state === 'open' ? savedBy(one, decide, say('desk.confirm-send')) : undefined
  return (
    <>
      <p className="record-note">
        {device ? say('items.from-device', { maker: device.maker, certificate: device.certificate }) : say('desk.confirm-hint')}
      </p>
      <ItemFields
        known={null}
        begun={begun}
        met
        by={by}
        onSaved={() => {
          if (by) void message.success(say('desk.confirmed-done', { name: nameIn(met.name, language) }))
          onDecided()
        }}
      />
    </>
  )
}

interface FormLine extends Pick<ConfirmLine, 'one' | 'met' | 'onDecided'> {
  readonly device: Parameters<typeof formOfMet>[1]
}

const savedBy = (one: ProvisionalView, decide: ReturnType<typeof useDecide>, submit: string): SavedBy => ({
  about: `desk ${one.entry}`,
  submit,
  saving: {
    sending: decide.state === 'sending',
    trouble: decide.trouble,
    clash: null,
    forget: decide.clear,
    send: async (mine: Fields) =>
      (await decide.send({ entry: one.entry, answer: 'confirm', fields: mine as NonNullable<Parameters<typeof decide.send>[0]['fields']> }))
        ?.ok ?? false,
  },
})
